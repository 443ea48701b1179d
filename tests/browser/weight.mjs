// How heavy the first page is, and how long it takes on a slow line; and what may be kept of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE } from "./browser.mjs";
import { on, shared } from "./context.mjs";

const MOST = 120 * 1024; // bytes, compressed, for the first page of a family
const SLOW = { offline: false, latency: 400, downloadThroughput: 400 * 1024 / 8, uploadThroughput: 400 * 1024 / 8 }; // "slow 3G" of Chromium's tools

test("the first page weighs little and can soon be used", { skip: process.env.ASSETS && "files come from a folder" }, () => on({ viewport: PHONE }, async (tab) => {
  let bytes = 0;
  let files = 0;
  await tab.client.send("Network.enable");
  tab.client.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    files += 1;
  });
  await tab.client.send("Network.emulateNetworkConditions", SLOW);
  await tab.client.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const start = Date.now();
  await tab.open("/");
  await tab.sees("Sign in");
  await tab.type("Email address", "a@b.example");
  const usable = Date.now() - start;
  console.log(`  first page: ${(bytes / 1024).toFixed(1)} KB in ${files} answers, headers included; usable after ${(usable / 1000).toFixed(1)} s at 400 kbit/s, 400 ms, a quarter of the processor`);
  assert.ok(bytes > 10_000 && bytes < MOST, `${bytes}`);
}));

test("files are kept for ever and compressed; the page and every answer are kept by nobody", async () => {
  const { stack: { url } } = shared;
  const page = await fetch(url, { headers: { "accept-encoding": "gzip" } });
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.equal(page.headers.get("content-encoding"), "gzip");
  const policy = page.headers.get("content-security-policy");
  for (const part of ["frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'", "default-src 'none'"]) {
    assert.ok(policy.includes(part), part);
  }
  const files = [...(await page.text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(files.length > 10);
  for (const file of files) {
    assert.match(file, /\.[0-9a-f]{16}\.(js|css|svg)$/);
    const answer = await fetch(url + file, { headers: { "accept-encoding": "gzip" } });
    assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(answer.headers.get("content-encoding"), "gzip");
    const plain = await fetch(url + file, { headers: { "accept-encoding": "identity" } });
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.equal(await plain.text(), await answer.text());
  }
  const refused = await fetch(`${url}/members`);
  assert.equal(refused.headers.get("cache-control"), "no-store");
});
