// hydrant for a test: a program of its own on a free port, whose clock the test moves.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const readline = require("node:readline");

class Hydrant {
  // The program is $HYDRANT, or the one on PATH.
  static async start() {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), "hydrant-"));
    const program = spawn(process.env.HYDRANT || "hydrant", [
      "--config", path.join(__dirname, "hydrant.json"), "--data-dir", data, "--port", "0",
      "--clock", "virtual@2026-01-31T12:00:00Z", "--strict", "--log-level", "warn",
    ], { stdio: ["ignore", "pipe", "inherit"] });
    await once(program, "spawn");
    // The only line on stdout, written when requests are taken.
    const lines = readline.createInterface({ input: program.stdout });
    for await (const line of lines) return new Hydrant(program, data, line.split(" ").at(-1));
    throw new Error("hydrant did not start; the reason stands on stderr");
  }

  constructor(program, data, url) {
    this.program = program;
    this.data = data;
    this.url = url;
  }

  // For the clients of the SDK. Without retries a test sees a refusal.
  get clientConfig() {
    return {
      endpoint: this.url, region: "us-east-1", maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
  }

  async admin(call, body = {}) {
    const answer = await fetch(`${this.url}/_hydrant/${call}`, {
      method: "POST", body: JSON.stringify(body),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(`${call}: ${told.error}`);
    return told;
  }

  // Moves the clock. All that is due by then is delivered when it answers.
  advance(seconds) {
    return this.admin("clock/advance", { seconds });
  }

  // Delivers all that is buffered, now: the names of the objects, bucket/key.
  async flush() {
    return (await this.admin("flush")).objects;
  }

  // Forgets all records and objects. The clock keeps its time.
  reset() {
    return this.admin("reset");
  }

  // The JSON lines in all objects below bucket/prefix.
  lines(prefix) {
    const folder = path.join(this.data, "s3", prefix);
    if (!fs.existsSync(folder)) return [];
    return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8")
        .trimEnd().split("\n").map((line) => JSON.parse(line)));
  }

  async stop() {
    this.program.kill();
    const [code] = await once(this.program, "exit");
    fs.rmSync(this.data, { recursive: true });
    if (code !== 0) throw new Error(`hydrant ended with exit code ${code}`);
  }
}

module.exports = { Hydrant };
