package org.openlockbox.node.management;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig.Listen;
import org.openlockbox.node.config.NodeConfig.ManagementPart;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox ready`: what `/readyz` of the running node says, for whoever has no HTTP client, as in
/// the health check of a container.
@Command(
    name = "ready",
    description = {
      "Asks the running node of FILE on its management port whether it is ready, and prints what it"
          + " says. Exit code 1 if it is not.",
      "Needs management.listen in FILE."
    },
    footer = {"", "Example:", "  lockbox ready --config lockbox.yaml"})
public final class ReadyCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int OK = 200;

  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("lockbox.yaml");

  @Override
  public Integer call() throws InterruptedException {
    Listen listen =
        ConfigReader.read(config)
            .management()
            .map(ManagementPart::listen)
            .orElseThrow(
                () ->
                    new NodeFailure(
                        Code.USAGE, config + " has no management.listen, so nobody can be asked"));
    try {
      var answer = ask(listen);
      System.out.print(answer.body());
      return answer.statusCode() == OK ? 0 : Code.FAILURE.exit();
    } catch (IOException e) {
      throw new NodeFailure(Code.FAILURE, "nobody answers at " + address(listen), e);
    }
  }

  /// What the node that listens there says at `/readyz`.
  public static HttpResponse<String> ask(Listen listen) throws IOException, InterruptedException {
    try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      return client.send(
          HttpRequest.newBuilder(address(listen)).timeout(PATIENCE).build(),
          BodyHandlers.ofString());
    }
  }

  /// Where this host reaches it; who listens everywhere is asked on the loopback.
  private static URI address(Listen listen) {
    try {
      boolean everywhere = InetAddress.getByName(listen.host()).isAnyLocalAddress();
      String host = everywhere ? InetAddress.getLoopbackAddress().getHostAddress() : listen.host();
      return URI.create("http://%s:%d/readyz".formatted(host, listen.port()));
    } catch (UnknownHostException e) {
      throw new NodeFailure(Code.FAILURE, "there is no host " + listen.host(), e);
    }
  }
}
