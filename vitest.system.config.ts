import { defineConfig } from "vitest/config";

/** Tests that use programs from Debian's packages; scripts/install-system.sh brings them. */
export default defineConfig({
  test: { include: ["test/system/**/*.test.ts"], pool: "forks", testTimeout: 120_000, hookTimeout: 120_000 },
});
