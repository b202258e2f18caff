// What runs a graph: ONNX Runtime and TF.js; which devices there are.

export type { Device, Engine, Tensor, TensorInfo, TfjsDevice } from "../kernel-helpers/engines/engine.js";
export { createOnnxRuntimeEngine, type EngineOptions } from "../kernel-helpers/engines/onnxruntime.js";
export { createEngine, type EngineChoice } from "../kernel-helpers/engines/create-engine.js";
export { createTfjsEngine, type TfjsEngineOptions } from "../kernel-helpers/engines/tfjs/tfjs-engine.js";
export { describeTfjsBackends, type TfjsBackendReport } from "../kernel-helpers/engines/tfjs/describe-backends.js";
export { detectDevices, type DeviceCandidate } from "../kernel-helpers/engines/detect-devices.js";
export { measureDevice, type MeasureOptions } from "../kernel-helpers/engines/measure-device.js";
