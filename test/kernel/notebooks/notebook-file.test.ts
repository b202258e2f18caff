import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNotebook } from "../../../src/kernel/notebooks/notebook-file.js";
import { parseNotebook } from "../../../src/kernel/notebooks/parse-notebook.js";

test("a notebook that is read and written stays as Jupyter writes it", () => {
  const text = formatNotebook(
    parseNotebook(
      '{"nbformat":4,"nbformat_minor":5,"metadata":{"b":1,"a":2},"cells":[{"id":"x","cell_type":"markdown","metadata":{},"source":"a\\nb"}]}',
    ),
  );
  assert.equal(
    text,
    '{\n "cells": [\n  {\n   "cell_type": "markdown",\n   "id": "x",\n   "metadata": {},\n   "source": [\n    "a\\n",\n    "b"\n   ]\n  }\n ],\n "metadata": {\n  "a": 2,\n  "b": 1\n },\n "nbformat": 4,\n "nbformat_minor": 5\n}\n',
  );
});
