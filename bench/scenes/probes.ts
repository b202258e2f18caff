/** Things that make a probe of COCO photographs: an image is of the probe when it shows one of them. */
export const FIVE_PROBES = {
  kitchen: ["oven", "refrigerator", "sink", "microwave"],
  table: ["dining table", "fork", "knife", "spoon", "bowl", "cup", "wine glass"],
  street: ["car", "bus", "truck", "traffic light", "stop sign", "motorcycle"],
  sport: [
    ...["sports ball", "baseball bat", "baseball glove", "tennis racket"],
    ...["frisbee", "skateboard", "skis", "snowboard"],
  ],
  animal: ["dog", "cat", "horse", "elephant", "bear", "zebra", "giraffe", "bird"],
};

/** COCO's own groups of its classes, but for "person", which is one class. */
export const COCO_GROUPS = {
  vehicle: ["bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"],
  outdoor: ["traffic light", "fire hydrant", "stop sign", "parking meter", "bench"],
  animal: ["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"],
  accessory: ["backpack", "umbrella", "handbag", "tie", "suitcase"],
  sports: [
    ...["frisbee", "skis", "snowboard", "sports ball", "kite"],
    ...["baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket"],
  ],
  kitchen: ["bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl"],
  food: ["banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake"],
  furniture: ["chair", "couch", "potted plant", "bed", "dining table", "toilet"],
  electronic: ["tv", "laptop", "mouse", "remote", "keyboard", "cell phone"],
  appliance: ["microwave", "oven", "toaster", "sink", "refrigerator"],
  indoor: ["book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush"],
};
