// Certificates of a test's own, made by openssl.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files in PEM. */
export interface Certificates {
  /** Whom to trust. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority, and a certificate of it for a server at 127.0.0.1 and `localhost`, or for whoever connects to it. */
export function certificatesIn(folder: string, name: string): Certificates {
  const at = (ending: string) => join(folder, `${name}-${ending}.pem`);
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync("openssl", args);
    if (status !== 0) throw new Error(stderr.toString());
  };
  const key = (path: string) => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path];
  const [ca, cert, request] = ["ca", "cert", "request"].map(at);
  openssl("req", "-x509", ...key(at("ca-key")), "-out", ca, "-days", "2", "-subj", `/CN=authority of ${name}`);
  openssl("req", ...key(at("key")), "-out", request, "-subj", `/CN=${name}`);
  writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  const signed = ["-CA", ca, "-CAkey", at("ca-key"), "-CAcreateserial", "-days", "2", "-extfile", at("names")];
  openssl("x509", "-req", "-in", request, ...signed, "-out", cert);
  return { ca, cert, key: at("key") };
}

/** Why TLS cannot be tried here; undefined when it can. */
export function withoutTls(): string | undefined {
  if (process.env.CI) return undefined;
  if (spawnSync("openssl", ["version"]).status !== 0) return "there is no openssl";
  // A server that knows the option goes on to trip over the next.
  const { stdout, stderr } = spawnSync("redis-server", ["--tls-port", "0", "--nothing", "0"]);
  return `${String(stdout)}${String(stderr)}`.includes("nothing") ? undefined : "this redis-server has no TLS";
}
