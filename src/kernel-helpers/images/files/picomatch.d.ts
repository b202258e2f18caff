declare module "picomatch" {
  interface Options {
    readonly dot?: boolean;
    readonly nocase?: boolean;
    readonly windows?: boolean;
  }
  interface Picomatch {
    (glob: string, options?: Options): (text: string) => boolean;
    scan(glob: string): { readonly base: string; readonly glob: string };
  }
  const picomatch: Picomatch;
  export = picomatch;
}
