// A headless Chromium, spoken to over its debugging pipe. Needs nothing but Node.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe",
];

// Pixels.
const LONGEST_PICTURE = 8000;

const PATIENCE_MS = 30_000;

export class Browser {
  #process;
  #profile;
  #pending = new Map();
  #listeners = [];
  #next = 1;

  constructor(program) {
    this.#profile = mkdtempSync(join(tmpdir(), "rooflab-site-"));
    this.#process = spawn(program, [...FLAGS, `--user-data-dir=${this.#profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    this.ended = new Promise((resolve, reject) => {
      this.#process.on("exit", resolve);
      this.#process.on("error", reject);
    });
    // Whoever waits for an answer hears of it.
    this.ended.catch(() => {}).finally(() => {
      for (const { reject } of this.#pending.values()) reject(new Error("the browser ended"));
    });
    // A browser that ends may leave its pipes broken. That it ended is heard above.
    for (const pipe of [this.#process.stdio[3], this.#process.stdio[4]]) pipe.on("error", () => {});
    let rest = "";
    this.#process.stdio[4].setEncoding("utf8").on("data", (text) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop();
      for (const message of messages) this.#receive(JSON.parse(message));
    });
  }

  #receive(message) {
    if (message.id === undefined) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const { resolve, reject } = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) reject(new Error(message.error.message));
    else resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
  }

  onEvent(listener) {
    this.#listeners.push(listener);
  }

  async newPage() {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await page.send(`${domain}.enable`);
    return page;
  }

  async close() {
    await this.send("Browser.close").catch(() => {});
    await this.ended;
    rmSync(this.#profile, { recursive: true, force: true });
  }
}

class Page {
  // What the page complained of, and every address that it asked for.
  complaints = [];
  requests = [];
  #loaded = () => {};

  constructor(browser, sessionId) {
    this.browser = browser;
    this.sessionId = sessionId;
    browser.onEvent((event) => {
      if (event.sessionId === sessionId) this.#hear(event.method, event.params);
    });
  }

  #hear(method, params) {
    if (method === "Page.loadEventFired") this.#loaded();
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (method === "Network.loadingFailed") this.complaints.push(`request failed: ${params.errorText} ${params.blockedReason ?? ""}`);
    if (method === "Network.responseReceived" && params.response.status >= 400) {
      this.complaints.push(`${params.response.status}: ${params.response.url}`);
    }
    if (method === "Runtime.exceptionThrown") {
      this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    }
    if (method === "Runtime.consoleAPICalled") this.complaints.push(`console.${params.type}`);
    if (method === "Log.entryAdded") this.complaints.push(`${params.entry.level}: ${params.entry.text}`);
  }

  send(method, params) {
    return this.browser.send(method, params, this.sessionId);
  }

  async open(url) {
    this.complaints = [];
    this.requests = [];
    const loaded = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${url}: not loaded`)), PATIENCE_MS);
      this.#loaded = () => { clearTimeout(timer); resolve(); };
    });
    const { errorText } = await this.send("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await loaded;
  }

  // The value of an expression in the page.
  async value(expression) {
    const answer = await this.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (answer.exceptionDetails) {
      throw new Error(`${expression}: ${answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text}`);
    }
    return answer.result.value;
  }

  // Presses a key as a keyboard does.
  async press(key, { code = key, keyCode, text, shift = false }) {
    const event = { key, code, windowsVirtualKeyCode: keyCode, modifiers: shift ? 8 : 0 };
    await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  // Moves the pointer there.
  async point(x, y) {
    await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
  }

  async type(text) {
    await this.send("Input.insertText", { text });
  }

  async media(media, scheme) {
    await this.send("Emulation.setEmulatedMedia", { media, features: [{ name: "prefers-color-scheme", value: scheme }] });
  }

  async screenshot(width, height) {
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    const length = Math.min(await this.value("document.documentElement.scrollHeight"), LONGEST_PICTURE);
    const clip = { x: 0, y: 0, width, height: Math.max(height, length), scale: 1 };
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip });
    return Buffer.from(data, "base64");
  }

  async pdf() {
    const { data } = await this.send("Page.printToPDF", { printBackground: false });
    return Buffer.from(data, "base64");
  }
}
