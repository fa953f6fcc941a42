package org.openlockbox.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.check.caller.CallerTls;
import org.openlockbox.gateway.gate.Clearance;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.http.socket.ServerTls;

/// A yes that stood still between its decision and its socket does not arrive.
class AnswerEndPointTest {
  private final Server server = new Server();
  private final HttpClient client =
      HttpClient.newBuilder()
          .sslContext(CheckFixture.CERTIFICATE.trusting())
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  @AfterEach
  void stop() throws Exception {
    client.shutdownNow();
    server.stop();
  }

  private record Switched(BooleanSupplier open, BooleanSupplier late) implements Clearance {
    @Override
    public boolean isOpen() {
      return open.getAsBoolean();
    }

    @Override
    public boolean isLate() {
      return late.getAsBoolean();
    }
  }

  /// Answers everything with a yes that needs this.
  private static final class Yes extends Handler.Abstract {
    private final List<Clearance> clearances;

    private Yes(List<Clearance> clearances) {
      this.clearances = clearances;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      AnswerEndPoint.under(request.getConnectionMetaData().getConnection().getEndPoint())
          .requires(clearances);
      try {
        Content.Sink.write(response, true, ByteBuffer.allocate(0));
        callback.succeeded();
      } catch (IOException e) {
        callback.failed(e);
      }
      return true;
    }
  }

  private HttpResponse<String> asked(Clearance... clearances) throws Exception {
    CheckConnector connector =
        new CheckConnector(
            server,
            ServerTls.wantingCertificates(
                CallerTls.context(List.of(CheckFixture.CERTIFICATE.identity().keyManagers()))));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Yes(List.of(clearances)));
    server.start();
    var at = URI.create("https://127.0.0.1:" + connector.getLocalPort() + "/");
    return client.send(HttpRequest.newBuilder(at).build(), BodyHandlers.ofString());
  }

  @Test
  void whatIsClearedArrives() throws Exception {
    assertThat(asked(new Switched(() -> true, () -> false)).statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNotClearedAnyMoreIsReset() {
    assertThatThrownBy(
            () ->
                asked(
                    new Switched(() -> true, () -> false), new Switched(() -> false, () -> false)))
        .isInstanceOf(IOException.class);
  }

  /// The system call may have stood still: a caller that has not fetched the answer never does.
  @Test
  void afterALateAnswerTheConnectionIsReset() throws Exception {
    try {
      asked(new Switched(() -> true, () -> true));
    } catch (IOException e) {
      // the reset was faster than the client
    }
    Await.until(() -> server.getConnectors()[0].getConnectedEndPoints().isEmpty());
  }
}
