// The fields of Caffe's messages that camlab reads, by name (as a .prototxt writes them) and by number (as a .caffemodel does).

/** What a field holds. `reals` are numbers in bulk. */
export type FieldType = "whole" | "real" | "flag" | "text" | "reals" | "doubles" | Choice | Fields;

/** A choice by name, which binary files write as a number. */
export interface Choice {
  readonly choices: Readonly<Record<number, string>>;
}

/** The fields of a message. */
export class Fields {
  readonly byName: ReadonlyMap<string, FieldType>;
  readonly byNumber: ReadonlyMap<number, { readonly name: string; readonly type: FieldType }>;

  constructor(fields: Readonly<Record<string, readonly [number, FieldType]>>) {
    const entries = Object.entries(fields);
    this.byName = new Map(entries.map(([name, [, type]]) => [name, type]));
    this.byNumber = new Map(entries.map(([name, [number, type]]) => [number, { name, type }]));
  }
}

const choice = (...names: string[]): Choice => ({ choices: Object.fromEntries(names.map((name, i) => [i, name])) });

const SHAPE = new Fields({ dim: [1, "whole"] });

/** A blob: weights, or a mean picture. */
export const BLOB = new Fields({
  num: [1, "whole"],
  channels: [2, "whole"],
  height: [3, "whole"],
  width: [4, "whole"],
  data: [5, "reals"],
  shape: [7, SHAPE],
  double_data: [8, "doubles"],
});

const PHASE = choice("TRAIN", "TEST");

const RULE = new Fields({
  phase: [1, PHASE],
  min_level: [2, "whole"],
  max_level: [3, "whole"],
  stage: [4, "text"],
  not_stage: [5, "text"],
});

const TRANSFORM = new Fields({
  scale: [1, "real"],
  crop_size: [3, "whole"],
  mean_file: [4, "text"],
  mean_value: [5, "real"],
});

const CONVOLUTION = new Fields({
  num_output: [1, "whole"],
  bias_term: [2, "flag"],
  pad: [3, "whole"],
  kernel_size: [4, "whole"],
  group: [5, "whole"],
  stride: [6, "whole"],
  pad_h: [9, "whole"],
  pad_w: [10, "whole"],
  kernel_h: [11, "whole"],
  kernel_w: [12, "whole"],
  stride_h: [13, "whole"],
  stride_w: [14, "whole"],
  axis: [16, "whole"],
  dilation: [18, "whole"],
});

const POOLING = new Fields({
  pool: [1, choice("MAX", "AVE", "STOCHASTIC")],
  kernel_size: [2, "whole"],
  stride: [3, "whole"],
  pad: [4, "whole"],
  kernel_h: [5, "whole"],
  kernel_w: [6, "whole"],
  stride_h: [7, "whole"],
  stride_w: [8, "whole"],
  pad_h: [9, "whole"],
  pad_w: [10, "whole"],
  global_pooling: [12, "flag"],
  round_mode: [13, choice("CEIL", "FLOOR")],
});

const LRN = new Fields({
  local_size: [1, "whole"],
  alpha: [2, "real"],
  beta: [3, "real"],
  norm_region: [4, choice("ACROSS_CHANNELS", "WITHIN_CHANNEL")],
  k: [5, "real"],
});

const INNER_PRODUCT = new Fields({
  num_output: [1, "whole"],
  bias_term: [2, "flag"],
  axis: [5, "whole"],
  transpose: [6, "flag"],
});

const CONCAT = new Fields({ concat_dim: [1, "whole"], axis: [2, "whole"] });
const ELTWISE = new Fields({ operation: [1, choice("PROD", "SUM", "MAX")], coeff: [2, "real"] });
const SCALE = new Fields({ axis: [1, "whole"], num_axes: [2, "whole"], bias_term: [4, "flag"] });
const SLICE = new Fields({ slice_dim: [1, "whole"], slice_point: [2, "whole"], axis: [3, "whole"] });
const POWER = new Fields({ power: [1, "real"], scale: [2, "real"], shift: [3, "real"] });
const RELU = new Fields({ negative_slope: [1, "real"] });
const SOFTMAX = new Fields({ axis: [2, "whole"] });
const MEMORY_DATA = new Fields({ channels: [2, "whole"], height: [3, "whole"], width: [4, "whole"] });
const IMAGE_DATA = new Fields({
  scale: [2, "real"],
  mean_file: [3, "text"],
  crop_size: [5, "whole"],
  new_height: [9, "whole"],
  new_width: [10, "whole"],
});
const DATA = new Fields({ scale: [2, "real"], mean_file: [3, "text"], crop_size: [5, "whole"] });

const LAYER = new Fields({
  name: [1, "text"],
  type: [2, "text"],
  bottom: [3, "text"],
  top: [4, "text"],
  blobs: [7, BLOB],
  include: [8, RULE],
  exclude: [9, RULE],
  transform_param: [100, TRANSFORM],
  concat_param: [104, CONCAT],
  convolution_param: [106, CONVOLUTION],
  data_param: [107, DATA],
  eltwise_param: [110, ELTWISE],
  image_data_param: [115, IMAGE_DATA],
  inner_product_param: [117, INNER_PRODUCT],
  lrn_param: [118, LRN],
  memory_data_param: [119, MEMORY_DATA],
  pooling_param: [121, POOLING],
  power_param: [122, POWER],
  relu_param: [123, RELU],
  softmax_param: [125, SOFTMAX],
  slice_param: [126, SLICE],
  prelu_param: [131, new Fields({ channel_shared: [2, "flag"] })],
  reshape_param: [133, new Fields({ shape: [1, SHAPE], axis: [2, "whole"], num_axes: [3, "whole"] })],
  flatten_param: [135, new Fields({ axis: [1, "whole"], end_axis: [2, "whole"] })],
  batch_norm_param: [139, new Fields({ eps: [3, "real"] })],
  elu_param: [140, new Fields({ alpha: [1, "real"] })],
  bias_param: [141, new Fields({ axis: [1, "whole"], num_axes: [2, "whole"] })],
  scale_param: [142, SCALE],
  input_param: [143, new Fields({ shape: [1, SHAPE] })],
  clip_param: [148, new Fields({ min: [1, "real"], max: [2, "real"] })],
});

/** The layers of before 2014, whose types are numbers. */
const OLD_TYPES: Choice = {
  choices: {
    1: "ACCURACY",
    2: "BNLL",
    3: "CONCAT",
    4: "CONVOLUTION",
    5: "DATA",
    6: "DROPOUT",
    7: "EUCLIDEAN_LOSS",
    8: "FLATTEN",
    9: "HDF5_DATA",
    12: "IMAGE_DATA",
    14: "INNER_PRODUCT",
    15: "LRN",
    16: "MULTINOMIAL_LOGISTIC_LOSS",
    17: "POOLING",
    18: "RELU",
    19: "SIGMOID",
    20: "SOFTMAX",
    21: "SOFTMAX_LOSS",
    22: "SPLIT",
    23: "TANH",
    24: "WINDOW_DATA",
    25: "ELTWISE",
    26: "POWER",
    27: "SIGMOID_CROSS_ENTROPY_LOSS",
    28: "HINGE_LOSS",
    29: "MEMORY_DATA",
    30: "ARGMAX",
    32: "DUMMY_DATA",
    33: "SLICE",
    35: "ABSVAL",
    36: "SILENCE",
    39: "DECONVOLUTION",
  },
};

const OLD_LAYER = new Fields({
  layer: [1, new Fields({ name: [1, "text"], type: [2, "text"] })],
  bottom: [2, "text"],
  top: [3, "text"],
  name: [4, "text"],
  type: [5, OLD_TYPES],
  blobs: [6, BLOB],
  concat_param: [9, CONCAT],
  convolution_param: [10, CONVOLUTION],
  data_param: [11, DATA],
  image_data_param: [15, IMAGE_DATA],
  inner_product_param: [17, INNER_PRODUCT],
  lrn_param: [18, LRN],
  pooling_param: [19, POOLING],
  power_param: [21, POWER],
  memory_data_param: [22, MEMORY_DATA],
  eltwise_param: [24, ELTWISE],
  relu_param: [30, RELU],
  slice_param: [31, SLICE],
  include: [32, RULE],
  exclude: [33, RULE],
  transform_param: [36, TRANSFORM],
  softmax_param: [39, SOFTMAX],
});

/** A network: what both kinds of file hold. */
export const NET = new Fields({
  name: [1, "text"],
  layers: [2, OLD_LAYER],
  input: [3, "text"],
  input_dim: [4, "whole"],
  input_shape: [8, SHAPE],
  layer: [100, LAYER],
});
