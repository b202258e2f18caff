"""Writes networks as Caffe does: a .prototxt and a .caffemodel. Knows the wire form and the field numbers, and needs
nothing but NumPy. Used by caffe.py."""

import struct

import numpy

OLD_TYPES = {
    "Concat": ("CONCAT", 3), "Convolution": ("CONVOLUTION", 4), "Dropout": ("DROPOUT", 6), "Flatten": ("FLATTEN", 8),
    "InnerProduct": ("INNER_PRODUCT", 14), "LRN": ("LRN", 15), "Pooling": ("POOLING", 17), "ReLU": ("RELU", 18),
    "Sigmoid": ("SIGMOID", 19), "Softmax": ("SOFTMAX", 20), "Split": ("SPLIT", 22), "TanH": ("TANH", 23),
    "Eltwise": ("ELTWISE", 25), "Slice": ("SLICE", 33), "AbsVal": ("ABSVAL", 35), "Power": ("POWER", 26),
}


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def sized(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def blob(array, old):
    data = sized(5, numpy.ascontiguousarray(array, "<f4").tobytes())
    if old:
        dims = [1] * (4 - array.ndim) + list(array.shape)
        return b"".join(varint(i + 1 << 3) + varint(d) for i, d in enumerate(dims)) + data
    return data + sized(7, sized(1, b"".join(map(varint, array.shape))))


def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


class Net:
    """A network under construction. `old` writes the form of before 2014."""

    def __init__(self, name, shape, seed=0, old=False):
        self.name, self.shape, self.old = name, shape, old
        self.random = numpy.random.default_rng(seed)
        self.layers = []
        self.last = "data"

    def add(self, kind, name, bottoms=None, top=None, blobs=(), **params):
        bottoms = [self.last] if bottoms is None else bottoms
        top = name if top is None else top
        self.layers.append((kind, name, bottoms, [top] if isinstance(top, str) else top, list(blobs), params))
        self.last = top if isinstance(top, str) else top[0]
        return self.last

    def weights(self, *shape):
        scale = (2 / max(1, numpy.prod(shape[1:]))) ** 0.5
        return (self.random.standard_normal(shape) * scale).astype("f4")

    def conv(self, name, channels, out, kernel, bottoms=None, group=1, bias=True, **more):
        kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
        size = dict(kernel_size=kh) if isinstance(kernel, int) else dict(kernel_h=kh, kernel_w=kw)
        blobs = [self.weights(out, channels // group, kh, kw)]
        if bias:
            blobs.append(self.random.uniform(-0.2, 0.2, out).astype("f4"))
        extra = {} if bias else dict(bias_term=False)
        if group > 1:
            extra["group"] = group
        return self.add("Convolution", name, bottoms, blobs=blobs, convolution_param=dict(num_output=out, **size, **extra, **more))

    def relu(self, name, **more):
        return self.add("ReLU", name, [self.last], self.last, **({"relu_param": more} if more else {}))

    def dense(self, name, inputs, out, bottoms=None):
        blobs = [self.weights(out, inputs), self.random.uniform(-0.2, 0.2, out).astype("f4")]
        return self.add("InnerProduct", name, bottoms, blobs=blobs, inner_product_param=dict(num_output=out))

    def pool(self, name, pool="MAX", bottoms=None, **more):
        return self.add("Pooling", name, bottoms, pooling_param=dict(pool=pool, **more))

    def prototxt(self):
        out = [f'name: "{self.name}"  # written by a program', 'input: "data"']
        if self.old:
            out += [f"input_dim: {d}" for d in self.shape]
        else:
            out.append("input_shape { " + " ".join(f"dim: {d}" for d in self.shape) + " }")
        for kind, name, bottoms, tops, _, params in self.layers:
            out.append("layers {" if self.old else "layer {")
            out.append(f'  name: "{name}"')
            out.append(f"  type: {OLD_TYPES[kind][0]}" if self.old else f'  type: "{kind}"')
            out += [f'  bottom: "{b}"' for b in bottoms] + [f'  top: "{t}"' for t in tops]
            for field, values in params.items():
                out.append(f"  {field} {{")
                out += self.fields(values, "    ")
                out.append("  }")
            out.append("}")
        return "\n".join(out) + "\n"

    def fields(self, values, indent):
        out = []
        for key, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    out += [f"{indent}{key} {{"] + self.fields(one, indent + "  ") + [f"{indent}}}"]
                else:
                    out.append(f"{indent}{key}: {text(one)}")
        return out

    def caffemodel(self, write):
        write(sized(1, self.name.encode()))
        for kind, name, _, _, blobs, _ in self.layers:
            if self.old:
                data = sized(4, name.encode()) + varint(5 << 3) + varint(OLD_TYPES[kind][1])
                data += b"".join(sized(6, blob(b, True)) for b in blobs)
                write(sized(2, data))
            else:
                data = sized(1, name.encode()) + sized(2, kind.encode())
                data += b"".join(sized(7, blob(b, False)) for b in blobs)
                write(sized(100, data))

    def save(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "net.prototxt").write_text(self.prototxt())
        with open(folder / "net.caffemodel", "wb") as file:
            self.caffemodel(file.write)


def mean_file(path, array):
    """A mean picture, 1 × channels × rows × columns."""
    path.write_bytes(blob(array[numpy.newaxis], True))
