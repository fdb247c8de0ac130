"""A VITS model of a few operations: hums 0.1 s for each phoneme, whatever it means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

RATE = 16_000
PER_PHONEME = RATE // 10
HERTZ = 440
TOKENS = ("_", "n", "i", "h", "ao", "，", "。")
LEXICON = ("你 n i", "好 h ao")


def write_voice(folder: Path) -> Path:
    """Write model, tokens and lexicon into a folder."""
    folder.mkdir(parents=True)
    onnx.save(_model(), str(folder / "model.onnx"))
    tokens = "".join(f"{token} {place}\n" for place, token in enumerate(TOKENS))
    (folder / "tokens.txt").write_text(tokens, "utf-8")
    (folder / "lexicon.txt").write_text("\n".join(LEXICON) + "\n", "utf-8")
    return folder


def _model() -> onnx.ModelProto:
    hum = 0.5 * np.sin(2 * np.pi * HERTZ * np.arange(PER_PHONEME) / RATE)
    constants: dict[str, NDArray[Any]] = {
        "hum": hum.astype(np.float32).reshape(1, 1, 1, -1),
        "ones": np.array([1, 1], np.int64),
        "flat": np.array([1, 1, -1], np.int64),
        "last": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Gather", ["shape", "last"], ["many"], axis=0),
        helper.make_node("Concat", ["ones", "many", "last"], ["times"], axis=0),
        helper.make_node("Tile", ["hum", "times"], ["hums"]),
        helper.make_node("Reshape", ["hums", "flat"], ["y"]),
    ]
    floats = ("noise_scale", "length_scale", "noise_scale_w")
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.INT64, [1, "many"]),
        helper.make_tensor_value_info("x_length", TensorProto.INT64, [1]),
        *(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in floats),
    ]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "samples"])
    stored = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "hum", inputs, [output], stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    facts = {
        "sample_rate": RATE, "n_speakers": 1, "add_blank": 0, "language": "Chinese",
        "comment": "test", "punctuation": "， 。",
    }  # fmt: skip
    for name, value in facts.items():
        model.metadata_props.add(key=name, value=str(value))
    return model
