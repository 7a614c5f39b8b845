package clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** DynamoDB Local, where the KCL keeps its leases; ends when standard input does. */
public final class LeaseTable {
    private LeaseTable() {}

    public static void main(String[] unused) throws Exception {
        Told.alone();
        int port = freePort();
        DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(new String[] {
            "-inMemory", "-sharedDb", "-disableTelemetry", "-port", Integer.toString(port)});
        server.start();
        Told.tell(Map.of("url", "http://127.0.0.1:" + port));
        while (System.in.read() >= 0) {
            // What is written is of no interest.
        }
        server.stop();
        System.exit(0);
    }

    /** DynamoDB Local does not choose a port itself. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
