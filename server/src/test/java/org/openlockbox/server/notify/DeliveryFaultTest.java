package org.openlockbox.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.notify.outbox.DeliveryFault;

/// Why something could not be delivered is said in words.
final class DeliveryFaultTest {
  @Test
  void noNameOfAClassIsSaid() {
    var faults =
        List.<Throwable>of(
            new UnknownHostException("hooks.acme.example: Name or service not known"),
            new ConnectException(),
            new SocketTimeoutException("Read timed out"),
            new SSLHandshakeException("certificate_unknown"),
            new IOException(),
            new IOException(new UnknownHostException("hooks.acme.example")),
            new IOException("java.lang.IllegalStateException: closed"));
    assertThat(faults.stream().map(DeliveryFault::words))
        .allSatisfy(words -> assertThat(words).doesNotContainPattern("java\\.|Exception|null"))
        .containsExactly(
            "the host name is not known: hooks.acme.example: Name or service not known",
            "the connection was refused",
            "no answer came in time",
            "no secure connection: certificate_unknown",
            "the connection failed",
            "the host name is not known: hooks.acme.example",
            "closed");
  }
}
