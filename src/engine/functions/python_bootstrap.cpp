#include "engine/functions/bootstraps.h"

namespace hydrant::functions {

// The user's folder may hold a json.py or http.py: it joins the path behind our own imports.
// Results are encoded as simplejson does, which the service's runtime uses: bytes are text, a
// Decimal is a number, a namedtuple an object. The json module refuses the first two.
const char* const kPythonBootstrap = R"python(
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import decimal, http.client, importlib, json, logging, os, time, traceback, types

API = "/2018-06-01/runtime/"


class Fault(Exception):
    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type, self.message, self.trace = error_type, message, list(trace)


class RuntimeApi:
    connection = None

    # A connection that was idle may be closed: the second attempt has a new one.
    def call(self, method, path, body=None, headers={}):
        for last in (False, True):
            try:
                if not self.connection:
                    self.connection = http.client.HTTPConnection(
                        os.environ["AWS_LAMBDA_RUNTIME_API"])
                self.connection.request(method, API + path, body, headers)
                reply = self.connection.getresponse()
                return reply.status, reply.headers, reply.read()
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                if last:
                    raise

    def post_error(self, path, fault, request_id=""):
        body = json.dumps({"errorMessage": fault.message, "errorType": fault.error_type,
                           "requestId": request_id, "stackTrace": fault.trace})
        headers = {"Content-Type": "application/json",
                   "Lambda-Runtime-Function-Error-Type": fault.error_type}
        self.call("POST", path, body.encode(), headers)


class Context:
    def __init__(self, headers):
        environ = os.environ
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = types.SimpleNamespace(cognito_identity_id=None,
                                              cognito_identity_pool_id=None)
        self.client_context = None
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


def encode_key(key):
    if isinstance(key, bytes):
        key = key.decode()
    if isinstance(key, str):
        return json.dumps(key)
    if key is None or isinstance(key, (int, float)):
        return json.dumps(json.dumps(key))
    raise TypeError("keys must be str, int, float, bool or None, not " + type(key).__name__)


def encode(value):
    if isinstance(value, bytes):
        value = value.decode()
    if value is None or isinstance(value, (str, int, float)):
        return json.dumps(value)
    if isinstance(value, decimal.Decimal):
        return "NaN" if value.is_nan() else str(value)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return "{" + ", ".join([encode_key(k) + ": " + encode(v) for k, v in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join([encode(item) for item in value]) + "]"
    raise TypeError("Object of type " + type(value).__name__ + " is not JSON serializable")


# The frames of the user's code: those of this file are called <string>.
def trace_of(error):
    frames = traceback.extract_tb(error.__traceback__)
    return traceback.format_list([frame for frame in frames if frame.filename != "<string>"])


def fault_of(error):
    if isinstance(error, Fault):
        return error
    return Fault(type(error).__name__, str(error), trace_of(error))


def load_handler(name):
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName",
                    f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError",
                    f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault("Runtime.UserCodeSyntaxError",
                    f"Syntax error in module '{module_name}': {error}", trace)
    if not hasattr(module, function_name):
        raise Fault("Runtime.HandlerNotFound",
                    f"Handler '{function_name}' missing on module '{module_name}'")
    return getattr(module, function_name)


def run_handler(handler, body, context):
    try:
        event = json.loads(body)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
    result = handler(event, context)
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return encode(result).encode(), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}")


def log_fault(fault):
    text = f"[ERROR] {fault.error_type}: {fault.message}\n"
    if fault.trace:
        text += "Traceback (most recent call last):\n" + "".join(fault.trace)
    sys.stdout.write(text)


# Handlers set the level of the root logger and count on its output.
def set_up_logging(current):
    def add_request_id(record):
        record.aws_request_id = current["request_id"]
        return True

    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s",
        "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    output = logging.StreamHandler(sys.stdout)
    output.setFormatter(formatter)
    output.addFilter(add_request_id)
    logging.getLogger().addHandler(output)


def main():
    api, current = RuntimeApi(), {"request_id": ""}
    set_up_logging(current)
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        fault = fault_of(error)
        log_fault(fault)
        api.post_error("init/error", fault)
        sys.exit(1)
    while True:
        status, headers, body = api.call("GET", "invocation/next")
        if status != 200:
            sys.exit(1)
        context = Context(headers)
        current["request_id"] = context.aws_request_id
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        path = "invocation/" + context.aws_request_id
        try:
            result, content_type = run_handler(handler, body, context)
        except Exception as error:
            fault = fault_of(error)
            log_fault(fault)
            api.post_error(path + "/error", fault, context.aws_request_id)
        else:
            api.call("POST", path + "/response", result, {"Content-Type": content_type})


try:
    main()
except (OSError, http.client.HTTPException):
    os._exit(1)  # nobody is there to work for
)python";

}  // namespace hydrant::functions
