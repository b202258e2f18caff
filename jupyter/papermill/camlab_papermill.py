"""papermill for notebooks of the camlab kernel: papermill asks for a translator a language, and knows none for TypeScript.

    PYTHONPATH=node_modules/camlab/jupyter/papermill python -m camlab_papermill IN.ipynb OUT.ipynb -p seed 7

takes what `papermill` takes. In a program of one's own, `import camlab_papermill` registers the translator, and
`papermill.execute_notebook` works from then on.
"""

import json
import math

from papermill.translators import Translator, papermill_translators


class TypeScriptTranslator(Translator):
    """Values as JSON has them, plus the numbers that JSON lacks; one `const` a parameter."""

    @classmethod
    def translate(cls, value):
        if isinstance(value, float) and not math.isfinite(value):
            return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
        if isinstance(value, dict):
            return "{" + ", ".join(f"{json.dumps(str(key))}: {cls.translate(each)}" for key, each in value.items()) + "}"
        if isinstance(value, (list, tuple)):
            return "[" + ", ".join(cls.translate(each) for each in value) + "]"
        if value is None or isinstance(value, (bool, int, float, str)):
            return json.dumps(value)
        return json.dumps(str(value))

    @classmethod
    def comment(cls, text):
        return f"// {text}".strip()

    @classmethod
    def assign(cls, name, text):
        return f"const {name} = {text};"


papermill_translators.register("camlab", TypeScriptTranslator)
papermill_translators.register("typescript", TypeScriptTranslator)

if __name__ == "__main__":
    from papermill.cli import papermill

    papermill()
