import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "plugins-example/**/*.test.ts"],
    exclude: ["test/system/**", "node_modules/**"],
    pool: "forks",
    // Tests mostly wait for processes that they have started.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
