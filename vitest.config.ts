import { defineConfig } from "vitest/config";

// Tests start real processes and judge real time: files run one after another, so that none starves another.
export default defineConfig({
  test: {
    include: ["{proto,node,control,checker,report,scenarios,bench,docs}/**/*.test.ts", "*.test.ts"],
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
  resolve: {
    alias: [
      {
        find: /^testbed\/checker$/,
        replacement: new URL("./checker/index.ts", import.meta.url).pathname,
      },
      { find: /^testbed$/, replacement: new URL("./control/index.ts", import.meta.url).pathname },
    ],
  },
});
