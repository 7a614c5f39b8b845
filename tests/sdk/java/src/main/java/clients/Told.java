package clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.Map;

/** What a program saw goes to stdout, one JSON object a line; the test that started it judges. */
final class Told {
    /** One of every byte, so that no encoding on the way can hide. */
    static final byte[] EVERY_BYTE = everyByte();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PrintStream STDOUT = System.out;

    private Told() {}

    /** Callable from any thread: lines do not mix. */
    static void tell(Map<String, ?> seen) {
        try {
            String line = JSON.writeValueAsString(seen);
            synchronized (STDOUT) {
                STDOUT.println(line);
                STDOUT.flush();
            }
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /** Leaves stdout to what is told: what a library prints goes to stderr from now on. */
    static void alone() {
        System.setOut(System.err);
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
