"""A SenseVoice model of a few kilobytes with no knowledge at all, for the real loader."""

from __future__ import annotations

from pathlib import Path

import numpy as np

LETTERS = "您好请问有什么可以帮我要投诉退款物流快递三天到"
FEATURES = 560  # seven stacked frames of eighty bands
HEAD = 4  # query frames that SenseVoice puts before the sound
METADATA = {
    "model_type": "sense_voice_ctc",
    "version": "1",
    "model_author": "tests",
    "maintainer": "tests",
    "comment": "tiny",
    "normalize_samples": "0",
    "lfr_window_size": "7",
    "lfr_window_shift": "6",
    "lang_auto": "0",
    "lang_zh": "3",
    "lang_en": "4",
    "lang_yue": "7",
    "lang_ja": "11",
    "lang_ko": "12",
    "lang_nospeech": "13",
    "with_itn": "14",
    "without_itn": "15",
    "neg_mean": ",".join(["-8.0"] * FEATURES),
    "inv_stddev": ",".join(["0.3"] * FEATURES),
}


def tiny_sense_voice(folder: Path) -> Path:
    """Random weights, always the same: its letters mean nothing, but they depend on the sound."""
    from onnx import TensorProto, helper, numpy_helper, save

    tokens = ["<unk>", "<s>", "</s>", *dict.fromkeys(LETTERS)]
    size = len(tokens)
    weights = np.random.default_rng(0).normal(0, 0.05, (FEATURES, size)).astype(np.float32)
    weights -= weights.mean(axis=0)  # no letter is preferred by loudness alone
    numbers = {"from": [0], "to": [HEAD], "axis": [1]}
    nodes = [
        helper.make_node("MatMul", ["x", "weights"], ["frames"]),
        helper.make_node("Slice", ["frames", "from", "to", "axis"], ["head"]),
        helper.make_node("Concat", ["head", "frames"], ["logits"], axis=1),
    ]
    unused = ("x_length", "language", "text_norm")
    for name in unused:  # the loader hands them in, so the graph must take them
        nodes.append(helper.make_node("Cast", [name], [f"{name}_used"], to=TensorProto.FLOAT))
    sound = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", "T", FEATURES])
    others = [helper.make_tensor_value_info(name, TensorProto.INT32, ["N"]) for name in unused]
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", "T2", size])
    constants = [numpy_helper.from_array(weights, "weights")]
    for name, value in numbers.items():
        constants.append(numpy_helper.from_array(np.array(value, np.int64), name))
    graph = helper.make_graph(nodes, "tiny", [sound, *others], [logits], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    helper.set_model_props(model, {**METADATA, "vocab_size": str(size)})
    folder.mkdir(parents=True, exist_ok=True)
    save(model, str(folder / "model.onnx"))
    lines = [f"{token} {number}" for number, token in enumerate(tokens)]
    (folder / "tokens.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return folder
