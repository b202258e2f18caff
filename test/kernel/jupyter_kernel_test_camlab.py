"""Runs jupyter_kernel_test, the Jupyter project's own checks of a kernel, against the camlab kernel.

Started by jupyter.test.ts with JUPYTER_PATH set to the project's jupyter/ folder.
"""

import unittest

import jupyter_kernel_test


class CamlabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "camlab"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("test")'
    completion_samples = [{"text": "Math.ma", "matches": {"max"}}, {"text": "consol", "matches": {"console"}}]
    complete_code_samples = ["1", "const a = 1;", "function f() {\n  return 1;\n}"]
    incomplete_code_samples = ["function f() {", "const a = [1,", "foo("]
    invalid_code_samples = ["const = 1;", "a b c"]
    code_inspect_sample = "parseInt"
    code_execute_result = [{"code": "1 + 2", "result": "3"}, {"code": "[1, 2]", "result": "[ 1, 2 ]"}]
    code_display_data = [
        {
            "code": 'import { display } from "tslab"; display.html("<b>x</b>")',
            "mime": "text/html",
        }
    ]
    code_generate_error = 'throw new Error("on purpose")'
    code_history_pattern = "1 ? 2*"
    supported_history_operations = ("tail", "range", "search")
    code_clear_output = 'globalThis[Symbol.for("camlab.kernel")].clearOutput(false)'


if __name__ == "__main__":
    unittest.main()
