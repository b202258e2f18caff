import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readers } from "../../../src/index.js";
import { loadAnswerModel, saveAnswerModel } from "../../../src/kernel-helpers/discovery/answers/answer-model-file.js";
import { trainAnswers } from "../../../src/kernel-helpers/discovery/answers/train-answers.js";
import { FeatureTable } from "../../../src/kernel-helpers/features/feature-table.js";
import { loadFeatures, saveFeatures } from "../../../src/kernel-helpers/features/feature-files.js";
import { readPacked } from "../../../src/kernel-helpers/images/packed/read-packed.js";
import type { PictureSet } from "../../../src/kernel-helpers/images/picture.js";
import { readCard } from "../../../src/kernel-helpers/networks/read-card.js";
import { loadLinearSvm, saveLinearSvm } from "../../../src/kernel-helpers/svm/linear-svm-file.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { readNotebook } from "../../../src/kernel/notebooks/notebook-file.js";
import { notebookToHtml } from "../../../src/kernel/notebooks/page/notebook-to-html.js";
import { makeDataset } from "../../../src/world/make-dataset.js";
import { readWorld } from "../../../src/world/read-world.js";
import { fixture } from "../../kernel-helpers/datasets/packs/packs.js";
import { grey } from "../../kernel-helpers/datasets/tree.js";
import { smallWorld } from "../../kernel-helpers/discovery/answers/small-world.js";

/** Sound data that is damaged, one file at a time. */
export interface DataSeed {
  readonly name: string;
  /** The files that are damaged, by path. */
  readonly files: readonly string[];
  /** A set of pictures, or whatever else the files hold. */
  readonly read: () => Promise<unknown>;
  /** Whether the files carry a checksum: then what is read is what was written, or nothing. */
  readonly isSealed?: boolean;
}

const VOC = `<annotation><filename>a.png</filename><size><width>40</width><height>30</height></size>
<object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object>
<object><name>dog</name><bndbox><xmin>3</xmin><ymin>2</ymin><xmax>30</xmax><ymax>9</ymax></bndbox></object></annotation>
`;
const LABELME = `<annotation><filename>a.png</filename><folder>x</folder>
<object><name>cat</name><deleted>0</deleted><polygon><pt><x>1</x><y>1</y></pt><pt><x>9</x><y>1</y></pt><pt><x>9</x><y>9</y></pt></polygon></object>
<object><name>dog</name><deleted>0</deleted><polygon><pt><x>2</x><y>1</y></pt><pt><x>7</x><y>1</y></pt><pt><x>9</x><y>5</y></pt></polygon></object>
<imagesize><nrows>30</nrows><ncols>40</ncols></imagesize></annotation>
`;
const SVT = `<?xml version="1.0" encoding="utf-8"?>
<tagset><image><imageName>img/a.png</imageName><Resolution x="40" y="30"/>
<taggedRectangles><taggedRectangle height="5" width="6" x="1" y="2"><tag>LIVING</tag></taggedRectangle>
<taggedRectangle height="5" width="6" x="9" y="2"><tag>ROOM</tag></taggedRectangle></taggedRectangles></image></tagset>
`;

const PACKS = ["plain.parquet", "train-00000-of-00001.parquet", "birds-val-0000.tar", "gnu.tar", "birds.zip"];

/** Writes small sound data of every kind below a folder. */
export async function seedData(root: string): Promise<DataSeed[]> {
  const at = (name: string) => join(root, name);
  const picture = await grey(40, 30);
  const plant = async (files: Readonly<Record<string, string | Uint8Array | object>>) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(at(name)), { recursive: true });
      const isPlain = typeof content === "string" || content instanceof Uint8Array;
      await writeFile(at(name), isPlain ? content : JSON.stringify(content));
    }
  };
  const images = (folder: string) => ({ [`${folder}/a.png`]: picture, [`${folder}/b.png`]: picture });
  await plant({
    ...images("lists"),
    "lists/labels.csv": 'image,label,split\na.png,cat,train\nb.png,"dog, big",test\n',
    "lists/boxes.csv": "image,label,x0,y0,x1,y1\na.png,cat,1,2,11,12\na.png,dog,3,4,20,21\nb.png,cat,0,0,40,30\n",
    "lists/captions.csv": 'image,caption\na.png,"a cat, asleep"\na.png,an owl\nb.png,a dog\n',
    "lists/questions.json": [
      { image: "a.png", question: "what is it?", answer: "cat" },
      { image: "b.png", question: "is it a dog?", answer: "yes" },
    ],
    ...images("voc"),
    "voc/a.xml": VOC,
    ...images("labelme"),
    "labelme/a.xml": LABELME,
    ...images("tool"),
    "tool/a.json": {
      version: "5.0.1",
      imagePath: "a.png",
      imageWidth: 40,
      imageHeight: 30,
      shapes: [
        { label: "cat", points: [[1, 1], [9, 1], [9, 9]], shape_type: "polygon" }, // prettier-ignore
        { label: "dog", points: [[2, 2], [20, 21]], shape_type: "rectangle" }, // prettier-ignore
      ],
    },
    ...images("svt/img"),
    "svt/train.xml": SVT,
    ...images("yolo/images"),
    "yolo/classes.txt": "cat\ndog\n",
    "yolo/labels/a.txt": "0 0.5 0.5 0.25 0.5\n1 0.25 0.5 0.1 0.2\n",
    "yolo/labels/b.txt": "1 0.5 0.5 0.25 0.5\n",
    ...images("ultralytics/train/images"),
    "ultralytics/data.yaml": "names:\n  0: cat\n  1: dog\ntrain: train/images\n",
    "ultralytics/train/labels/a.txt": "0 0.5 0.5 0.25 0.5\n1 0.25 0.5 0.1 0.2\n",
    "ultralytics/train/labels/b.txt": "1 0.1 0.1 0.5 0.1 0.5 0.5\n",
    ...images("darknet/obj"),
    "darknet/obj.data": "classes = 2\ntrain = train.txt\nnames = obj.names\n",
    "darknet/obj.names": "cat\ndog\n",
    "darknet/train.txt": "obj/a.png\nobj/b.png\n",
    "darknet/obj/a.txt": "0 0.5 0.5 0.25 0.5\n1 0.25 0.5 0.1 0.2\n",
    "darknet/obj/b.txt": "1 0.5 0.5 0.25 0.5\n",
    ...images("openimages"),
    "openimages/boxes.csv":
      "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf\na,/m/01,0.1,0.5,0.2,0.6,0\na,/m/02,0.3,0.9,0.2,0.4,1\nb,/m/01,0,1,0,1,0\n",
    ...images("focused"),
    "focused/gt_a.txt": '1, 1, 9, 5, "HELLO, YOU"\n11, 1, 19, 5, "TWO"\n',
    "focused/gt_b.txt": '1, 1, 9, 5, "B"\n',
    ...images("cocotext"),
    "cocotext/text.json": {
      imgs: {
        1: { id: 1, file_name: "a.png", width: 40, height: 30, set: "train" },
        2: { id: 2, file_name: "b.png", width: 40, height: 30, set: "val" },
      },
      anns: {
        5: { id: 5, image_id: 1, mask: [1, 1, 9, 1, 9, 5, 1, 5], utf8_string: "HI", legibility: "legible" },
        6: { id: 6, image_id: 2, bbox: [1, 1, 8, 4], utf8_string: "YOU", legibility: "legible" },
      },
      imgToAnns: { 1: [5], 2: [6] },
    },
    ...images("words"),
    "words/gt_a.txt": "1,1,9,1,9,5,1,5,HELLO\n11,1,19,1,19,5,11,5,YOU\n",
    "words/gt_b.txt": "1,1,9,1,9,5,1,5,###\n",
    ...images("art"),
    "art/train.json": {
      gt_a: [
        { transcription: "HELLO", points: [[1, 1], [9, 1], [9, 5], [1, 5]], illegibility: false }, // prettier-ignore
        { transcription: "YOU", points: [[11, 1], [19, 1], [19, 5], [11, 5]], illegibility: false }, // prettier-ignore
      ],
      gt_b: [{ transcription: "###", points: [[1, 1], [9, 1], [9, 5], [1, 5]], illegibility: true }], // prettier-ignore
    },
    "packs/urls.csv": "url,label,caption\nhttp://127.0.0.1/a.png,cat,a cat\nhttp://127.0.0.1/b.png,dog,a dog\n",
    "packs/urls.txt": "http://127.0.0.1/a.png\nhttp://127.0.0.1/b.png\n",
    ...Object.fromEntries(PACKS.map((name) => [`packs/${name}`, readFileSync(fixture(name))])),
    "ade/training/a.jpg": picture,
    "ade/training/a_seg.png": picture,
    "ade/training/a.json": {
      annotation: {
        filename: "a.jpg",
        folder: "ADE20K/images/ADE/training/home_or_hotel/kitchen",
        imsize: [30, 40, 3],
        scene: ["home or hotel", "kitchen"],
        object: [
          { id: 0, name: "wall", name_ndx: 2978, polygon: { x: [1, 9, 9], y: [1, 1, 9] }, parts: { part_level: 0 } },
          { id: 1, name: "cup", name_ndx: 710, polygon: { x: [2, 7, 9], y: [1, 1, 5] }, parts: { part_level: 0 } },
        ],
      },
    },
    ...images("stanford/JPEGImages"),
    "stanford/ImageSplits/actions.txt": "action_name number\nriding 1\nrunning 1\n",
    "stanford/ImageSplits/riding_train.txt": "a.png\n",
    "stanford/ImageSplits/riding_test.txt": "b.png\n",
    "stanford/ImageSplits/running_train.txt": "c.png\n",
    "stanford/ImageSplits/running_test.txt": "d.png\n",
    "stanford/JPEGImages/c.png": picture,
    "stanford/JPEGImages/d.png": picture,
    "notebook/nb.ipynb": {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: "camlab", display_name: "camlab", language: "typescript" } },
      cells: [
        { cell_type: "markdown", id: "a", metadata: {}, source: ["# A title\n", "$x^2$"] },
        {
          cell_type: "code",
          id: "b",
          metadata: {},
          execution_count: 1,
          source: "1 + 1",
          outputs: [
            { output_type: "stream", name: "stdout", text: ["2\n"] },
            { output_type: "execute_result", execution_count: 1, metadata: {}, data: { "text/plain": "2" } },
          ],
        },
      ],
    },
  });
  await plant({
    ...Object.fromEntries(
      ["n01440764", "n02119789"].flatMap((synset, i): [string, string | Uint8Array][] => {
        const name = `ILSVRC2012_val_0000000${i + 1}`;
        const box = "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>11</xmax><ymax>22</ymax></bndbox>";
        return [
          [`ilsvrc/ILSVRC2012_img_val/${name}.JPEG`, picture],
          [`ilsvrc/bbox/val/${name}.xml`, `<annotation><object><name>${synset}</name>${box}</object></annotation>`],
        ];
      }),
    ),
    "ilsvrc/map_clsloc.txt": "n02119789 1 kit_fox\nn01440764 2 tench\n",
    "ilsvrc/ILSVRC2014_clsloc_validation_ground_truth.txt": "2\n1\n",
    "ilsvrc/ILSVRC2014_clsloc_validation_blacklist.txt": "2\n",
    "wsol/val/image_ids.txt": "a/1.jpg\na/2.jpg\n",
    "wsol/val/class_labels.txt": "a/1.jpg,7\na/2.jpg,0\n",
    "wsol/val/image_sizes.txt": "a/1.jpg,500,400\na/2.jpg,300,200\n",
    "wsol/val/localization.txt": "a/1.jpg,10,20,110,220\na/1.jpg,0,0,5,5\na/2.jpg,1,2,30,40\n",
    "wsol/images/a/1.jpg": picture,
    "wsol/images/a/2.jpg": picture,
  });
  const card = await readFile(new URL("../../../models/objects-gap/card.json", import.meta.url));
  await plant({ "card/card.json": card });

  await makeDataset("birds", at("birds"), { train: 2, test: 1 });
  await makeDataset("questions", at("questions"), { train: 1, test: 1 });
  const annotated = (set: string) => [at(`${set}/annotations/instances.json`), at(`${set}/annotations/captions.json`)];

  const rows = 8;
  const data = Float32Array.from({ length: rows * 3 }, (_, i) => Math.sin(i * i));
  const pictures = Array.from({ length: rows }, (_, i) => ({
    file: `photos/${i}.png`,
    label: i % 2 === 0 ? "cat" : "dog",
    split: i < 5 ? "train" : "test",
  }));
  const table = new FeatureTable({ rows, columns: 3, data, pictures, skipped: [] });
  await mkdir(at("features"));
  for (const ending of ["arrow", "csv", "npy"]) await saveFeatures(table, at(`features/f.${ending}`));
  const svm = await trainLinearSvm(table, table.labels, { steps: ["standardise"], probabilities: false });
  await saveLinearSvm(svm, at("features/svm.json"));
  const world = smallWorld();
  const answers = await trainAnswers(world.features, world.questions, { imageWeights: "shared" });
  await saveAnswerModel(answers, at("features/answers.json"));
  const features = (ending: string) => async () => {
    const loaded = await loadFeatures(at(`features/f.${ending}`));
    return { data: [...loaded.data], pictures: loaded.pictures, rows: loaded.rows, columns: loaded.columns };
  };

  return [
    { name: "labels in CSV", files: [at("lists/labels.csv")], read: () => readers.readCsvList(at("lists/labels.csv")) },
    { name: "boxes in CSV", files: [at("lists/boxes.csv")], read: () => readers.readBoxesCsv(at("lists/boxes.csv")) },
    {
      name: "captions in CSV",
      files: [at("lists/captions.csv")],
      read: () => readers.readCaptionsCsv(at("lists/captions.csv")),
    },
    {
      name: "questions",
      files: [at("lists/questions.json")],
      read: () => readers.readQuestions(at("lists/questions.json")),
    },
    { name: "Pascal VOC", files: [at("voc/a.xml")], read: () => readers.readVoc(at("voc")) },
    { name: "LabelMe", files: [at("labelme/a.xml")], read: () => readers.readLabelMe(at("labelme")) },
    { name: "the labelme tool", files: [at("tool/a.json")], read: () => readers.readLabelMe(at("tool")) },
    { name: "Street View Text", files: [at("svt/train.xml")], read: () => readers.readSvt(at("svt/train.xml")) },
    {
      name: "YOLO",
      files: [at("yolo/classes.txt"), at("yolo/labels/a.txt"), at("yolo/labels/b.txt")],
      read: () => readers.readYolo(at("yolo")),
    },
    {
      name: "ICDAR",
      files: [at("words/gt_a.txt"), at("words/gt_b.txt")],
      read: () => readers.readIcdar(at("words")),
    },
    {
      name: "YOLO, data.yaml",
      files: ["data.yaml", "train/labels/a.txt", "train/labels/b.txt"].map((name) => at(`ultralytics/${name}`)),
      read: () => readers.readYolo(at("ultralytics")),
    },
    {
      name: "darknet",
      files: ["obj.data", "obj.names", "train.txt", "obj/a.txt", "obj/b.txt"].map((name) => at(`darknet/${name}`)),
      read: () => readers.readYolo(at("darknet")),
    },
    {
      name: "boxes of Open Images",
      files: [at("openimages/boxes.csv")],
      read: async () => withoutLayout(await readers.readBoxesCsv(at("openimages/boxes.csv"))),
    },
    {
      name: "words of ICDAR 2013",
      files: [at("focused/gt_a.txt"), at("focused/gt_b.txt")],
      read: async () => withoutLayout(await readers.readIcdar(at("focused"))),
    },
    {
      name: "COCO-Text",
      files: [at("cocotext/text.json")],
      read: () => readers.readIcdar(at("cocotext"), at("cocotext/text.json")),
    },
    { name: "words of ArT", files: [at("art/train.json")], read: () => readers.readIcdar(at("art"), at("art/train.json")) }, // prettier-ignore
    ...["urls.csv", "urls.txt"].map((name) => ({
      name: `addresses, ${name}`,
      files: [at(`packs/${name}`)],
      read: () => readers.readAddresses(at(`packs/${name}`)),
    })),
    ...PACKS.map((name) => ({
      name: `a pack, ${name}`,
      files: [at(`packs/${name}`)],
      read: async () => {
        const set = await readers.readPacks([at(`packs/${name}`)]);
        // Its pictures are read when their turn comes: damaged, too, they are bytes or an error for people.
        for (const { file } of set.pictures) await readPacked(file).catch(unlessForPeople);
        return set;
      },
    })),
    {
      name: "ADE20K",
      files: [at("ade/training/a.json")],
      read: () => readers.readAde20k(at("ade"), { masks: false }),
    },
    {
      name: "Stanford 40",
      files: ["actions", "riding_train", "riding_test", "running_train", "running_test"].map((name) =>
        at(`stanford/ImageSplits/${name}.txt`),
      ),
      read: () => readers.readStanford40(at("stanford")),
    },
    { name: "COCO", files: annotated("birds"), read: () => readers.readCoco(annotated("birds"), { images: at("birds/images") }) }, // prettier-ignore
    {
      name: "COCO captions",
      files: annotated("birds").slice(1),
      read: () => readers.readCocoCaptions(annotated("birds")[1], { images: at("birds/images") }),
    },
    {
      name: "CUB",
      files: ["images.txt", "image_class_labels.txt", "classes.txt", "train_test_split.txt", "bounding_boxes.txt"].map(
        (name) => at(`birds/${name}`),
      ),
      read: () => readers.readCub(at("birds")),
    },
    {
      name: "VQA",
      files: [at("questions/annotations/questions.json"), at("questions/annotations/answers.json")],
      read: () =>
        readers.readVqa(at("questions/annotations/questions.json"), {
          annotations: at("questions/annotations/answers.json"),
          images: at("questions/images"),
        }),
    },
    {
      name: "the drawn world",
      files: ["records.jsonl", "manifest.json", "files.csv"].map((name) => at(`questions/${name}`)),
      read: () => readWorld(at("questions")),
    },
    {
      name: "ILSVRC",
      files: [
        at("ilsvrc/map_clsloc.txt"),
        at("ilsvrc/ILSVRC2014_clsloc_validation_ground_truth.txt"),
        at("ilsvrc/bbox/val/ILSVRC2012_val_00000001.xml"),
      ],
      read: () => readers.readIlsvrc(at("ilsvrc")),
    },
    {
      name: "lists of wsolevaluation",
      files: ["image_ids", "class_labels", "image_sizes", "localization"].map((name) => at(`wsol/val/${name}.txt`)),
      read: () => readers.readWsolLists(at("wsol"), { images: at("wsol/images") }),
    },
    { name: "a card", files: [at("card/card.json")], read: () => readCard(at("card/card.json")) },
    {
      name: "a notebook",
      files: [at("notebook/nb.ipynb")],
      read: async () => notebookToHtml(await readNotebook(at("notebook/nb.ipynb"))),
    },
    { name: "an SVM", files: [at("features/svm.json")], read: () => loadLinearSvm(at("features/svm.json")), isSealed: true }, // prettier-ignore
    {
      name: "a model of answers",
      files: [at("features/answers.json")],
      read: async () => JSON.parse(JSON.stringify(await loadAnswerModel(at("features/answers.json")))) as unknown,
      isSealed: true,
    },
    { name: "features in Arrow", files: [at("features/f.arrow")], read: features("arrow"), isSealed: true },
    { name: "features in CSV", files: [at("features/f.csv")], read: features("csv") },
    {
      name: "features for NumPy",
      files: (await readdir(at("features"))).filter((name) => /npy|f\..*csv$/.test(name) && name !== "f.csv").map((name) => at(`features/${name}`)), // prettier-ignore
      read: features("npy"),
    },
  ];
}

/** How they are read is told of sound files, too. */
function withoutLayout({ notes = [], ...set }: PictureSet): PictureSet {
  return { ...set, notes: notes.filter((note) => !/^lines are read as|are shares of each image's sides$/.test(note)) };
}

function unlessForPeople(error: unknown): void {
  if (!(error instanceof CamlabError)) throw error;
}

/** Removes what `seedData` wrote. */
export async function removeSeeds(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
}

/** Whether what was read is a set of pictures. */
export function isSet(value: unknown): value is PictureSet {
  return typeof value === "object" && value !== null && "pictures" in value && "classes" in value;
}
