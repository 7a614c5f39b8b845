package clients;

import io.airlift.compress.snappy.SnappyHadoopStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xerial.snappy.SnappyInputStream;

/** Decompresses a file to stdout: {@code ReadSnappy xerial|hadoop FILE}. */
public final class ReadSnappy {
    private ReadSnappy() {}

    public static void main(String[] arguments) throws IOException {
        try (InputStream file = Files.newInputStream(Path.of(arguments[1]));
                InputStream bytes = reader(arguments[0], file)) {
            bytes.transferTo(System.out);
        }
        System.out.flush();
    }

    private static InputStream reader(String form, InputStream file) throws IOException {
        return switch (form) {
            case "xerial" -> new SnappyInputStream(file);
            case "hadoop" -> new SnappyHadoopStreams().createInputStream(file);
            default -> throw new IllegalArgumentException(form);
        };
    }
}
