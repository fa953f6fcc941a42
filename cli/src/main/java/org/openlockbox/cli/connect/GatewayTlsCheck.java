package org.openlockbox.cli.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// What a program will find wrong with a gateway's certificate, in a sentence that names the next
/// step. Programs only say that something is.
final class GatewayTlsCheck {
  private static final int WITHIN_MILLIS = 5_000;

  private final URI gateway;
  private final SSLContext trust;

  GatewayTlsCheck(URI gateway, String caPem) throws IOException {
    this.gateway = gateway;
    this.trust = GatewayConnection.context(caPem);
  }

  /// A fault, and what to do about it.
  record CertificateFault(String sentence, String next) {
    String words() {
      return sentence + ". " + next;
    }
  }

  /// Why programs that go to this host will refuse it; empty if they will not, or if the gateway
  /// cannot be asked now.
  ///
  /// @param host which the gateway answers for, whatever its own address is
  Optional<CertificateFault> fault(String host) {
    try {
      if (isRefused(host, true)) {
        return Optional.of(isRefused(host, false) ? untrusted() : unnamed(host));
      }
    } catch (IOException unreachable) {
      // whoever goes there will say so
    }
    return Optional.empty();
  }

  private CertificateFault unnamed(String host) {
    return new CertificateFault(
        "the certificate of the gateway at %s is not for %s".formatted(gateway, host),
        "Ask your platform team for one whose subjectAltName has that name; `lockbox doctor` on the gateway's host checks it.");
  }

  private CertificateFault untrusted() {
    return new CertificateFault(
        "the certificate of the gateway at %s is over, or not signed by the authority that the server names"
            .formatted(gateway),
        "Ask your platform team; `lockbox doctor` on the gateway's host says which.");
  }

  private boolean isRefused(String host, boolean named) throws IOException {
    try (Socket raw = new Socket()) {
      raw.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()), WITHIN_MILLIS);
      raw.setSoTimeout(WITHIN_MILLIS);
      try (SSLSocket tls =
          (SSLSocket) trust.getSocketFactory().createSocket(raw, host, gateway.getPort(), true)) {
        if (named) {
          SSLParameters parameters = tls.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          tls.setSSLParameters(parameters);
        }
        tls.startHandshake();
        return false;
      } catch (SSLException refused) {
        return true;
      }
    }
  }
}
