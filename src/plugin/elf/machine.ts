/**
 * Which machine an ELF file was built for, in words, and which one this process runs on.
 *
 * Numbers: System V ABI, chapter 4, and the registry of e_machine values kept by Xinuos.
 */

const names: Readonly<Record<number, string>> = {
  0: "no machine",
  2: "sparc",
  3: "i386",
  8: "mips",
  18: "sparc32plus",
  20: "powerpc",
  21: "powerpc64",
  22: "s390",
  40: "arm",
  42: "sh",
  43: "sparc64",
  50: "ia64",
  62: "x86_64",
  183: "aarch64",
  243: "riscv",
  247: "bpf",
  258: "loongarch",
};

const byArchitecture: Readonly<Record<string, number>> = {
  x64: 62,
  arm64: 183,
  riscv64: 243,
  loong64: 258,
  ppc64: 21,
  s390x: 22,
  arm: 40,
  ia32: 3,
  mips: 8,
  mipsel: 8,
};

export interface Machine {
  /** e_machine */
  readonly number: number;
  readonly bits: number;
  readonly order: "little" | "big";
}

/** The machine of the running process. */
export function hostMachine(): Machine {
  const bits = ["arm", "ia32", "mips", "mipsel"].includes(process.arch) ? 32 : 64;
  const order = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? "little" : "big";
  return { number: byArchitecture[process.arch] ?? 0, bits, order };
}

export function sameMachine(one: Machine, other: Machine): boolean {
  return one.number === other.number && one.bits === other.bits && one.order === other.order;
}

/** "aarch64 (64-bit)"; the byte order is said where it is the rarer one. */
export function machineName({ number, bits, order }: Machine): string {
  return `${names[number] ?? `machine ${number}`} (${bits}-bit${order === "big" ? ", big-endian" : ""})`;
}
