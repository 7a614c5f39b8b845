#include "engine/functions/bootstraps.h"

namespace hydrant::functions {

// A handler is an async function, one that calls back, or one that does neither: that one is done
// when the event loop has nothing left to do. Sockets that are idle do not count there, so waiting
// for the next event is a request under way, and nothing else is.
const char* const kNodeBootstrap = R"node(
"use strict";
const fs = require("fs");
const http = require("http");
const path = require("path");
const util = require("util");
const { pathToFileURL } = require("url");

const API = "/2018-06-01/runtime/";
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true });
let requestId = "";

function send(method, target, body, headers) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, agent, headers, path: API + target });
    request.on("error", reject);
    request.on("response", (reply) => {
      const chunks = [];
      reply.on("error", reject);
      reply.on("data", (chunk) => chunks.push(chunk));
      reply.on("end", () => resolve({
        status: reply.statusCode, headers: reply.headers, body: Buffer.concat(chunks).toString(),
      }));
    });
    request.end(body);
  });
}

// A connection that was idle may be closed: the second attempt has a new one.
async function call(method, target, text = "", headers = {}) {
  const body = Buffer.from(text);
  const all = method === "GET" ? headers : { ...headers, "Content-Length": body.length };
  try {
    return await send(method, target, body, all);
  } catch {
    return await send(method, target, body, all);
  }
}

class Fault extends Error {
  constructor(type, message) {
    super(message);
    this.name = type;
  }
}

function describe(error) {
  if (!util.types.isNativeError(error) && !(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: error.name, errorMessage: error.message, trace: (error.stack || "").split("\n"),
  };
}

async function postError(target, error) {
  const described = describe(error);
  console.error(`ERROR ${requestId} ${JSON.stringify(described)}`);
  const headers = {
    "Content-Type": "application/json",
    "Lambda-Runtime-Function-Error-Type": described.errorType.replace(/[^\x21-\x7e]/g, "_"),
  };
  await call("POST", target, JSON.stringify(described), headers);
}

// CommonJS first: what turns out to be an ES module is imported.
async function loadModule(base) {
  const isFile = (name) => fs.existsSync(name) && fs.statSync(name).isFile();
  const file = ["", ".js", ".mjs", ".cjs"].map((end) => base + end).find(isFile) || base;
  if (file.endsWith(".mjs")) return await import(pathToFileURL(file).href);
  try {
    return require(file);
  } catch (error) {
    const isEsModule = ["ERR_REQUIRE_ESM", "ERR_REQUIRE_ASYNC_MODULE"].includes(error.code);
    if (!isEsModule) throw error;
    return await import(pathToFileURL(file).href);
  }
}

async function loadHandler(root, name) {
  const match = path.basename(name).match(/^([^.]*)\.(.+)$/);
  if (!match) throw new Fault("Runtime.MalformedHandlerName", "Bad handler");
  let found;
  try {
    found = await loadModule(path.resolve(root, path.dirname(name), match[1]));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new Fault("Runtime.UserCodeSyntaxError", String(error));
    }
    if (["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"].includes(error?.code)) {
      throw new Fault("Runtime.ImportModuleError", String(error));
    }
    throw error;
  }
  for (const part of match[2].split(".")) found = found?.[part];
  if (found === undefined) {
    throw new Fault("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof found !== "function") {
    throw new Fault("Runtime.HandlerNotFound", `${name} is not a function`);
  }
  return found;
}

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    identity: undefined,
    clientContext: undefined,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const whenIdle = () => resolve(null);
    process.once("beforeExit", whenIdle);
    const settle = (how) => (value) => {
      process.removeListener("beforeExit", whenIdle);
      how(value);
    };
    const succeed = settle(resolve);
    const fail = settle(reject);
    const callback = (error, result) => {
      if (error === null || error === undefined) succeed(result);
      else fail(error);
    };
    Object.assign(context, { succeed, fail, done: callback });
    try {
      const result = handler(event, context, callback);
      if (typeof result?.then === "function") result.then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  });
}

function stringify(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch (error) {
    throw new Fault("Runtime.MarshalError", `Unable to stringify response body: ${error.message}`);
  }
}

function exitOn(event, type, code) {
  process.on(event, async (error) => {
    const fault = type ? new Fault(type, String(error)) : error;
    const target = requestId ? `invocation/${requestId}/error` : "init/error";
    try {
      await postError(target, fault);
    } finally {
      process.exit(code);
    }
  });
}

async function main() {
  exitOn("uncaughtException", undefined, 129);
  exitOn("unhandledRejection", "Runtime.UnhandledPromiseRejection", 128);
  let handler;
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    await postError("init/error", error);
    process.exit(1);
  }
  for (;;) {
    const next = await call("GET", "invocation/next").catch(() => process.exit(1));
    if (next.status !== 200) process.exit(1);
    const context = contextOf(next.headers);
    requestId = context.awsRequestId;
    process.env._X_AMZN_TRACE_ID = next.headers["lambda-runtime-trace-id"] || "";
    let answer, error;
    try {
      answer = stringify(await run(handler, JSON.parse(next.body), context));
    } catch (thrown) {
      error = { thrown };
    }
    const target = `invocation/${requestId}`;
    if (error) await postError(`${target}/error`, error.thrown);
    else await call("POST", `${target}/response`, answer, { "Content-Type": "application/json" });
  }
}

main();
)node";

}  // namespace hydrant::functions
