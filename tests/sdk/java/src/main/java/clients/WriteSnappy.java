package clients;

import java.io.IOException;
import java.io.OutputStream;
import org.xerial.snappy.SnappyHadoopCompatibleOutputStream;
import org.xerial.snappy.SnappyOutputStream;

/** Compresses stdin to stdout: {@code WriteSnappy xerial|hadoop}. */
public final class WriteSnappy {
    private WriteSnappy() {}

    public static void main(String[] arguments) throws IOException {
        try (OutputStream compressed = writer(arguments[0])) {
            System.in.transferTo(compressed);
        }
    }

    private static OutputStream writer(String form) {
        return switch (form) {
            case "xerial" -> new SnappyOutputStream(System.out);
            case "hadoop" -> new SnappyHadoopCompatibleOutputStream(System.out);
            default -> throw new IllegalArgumentException(form);
        };
    }
}
