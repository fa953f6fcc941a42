package org.openlockbox.cli.connect;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.openlockbox.cli.connect.GatewayTlsCheck.CertificateFault;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;

/// Where to ask a service that speaks HTTP for one request, and the token that only this process
/// knows. [#toString] leaves the token out.
public final class ServiceLogin {
  private final URI base;
  private final String user;
  private final String token;
  private final String caPem;
  private final List<ServiceRoute> routes;
  private final Instant expires;

  /// One thing that may be asked for.
  public record ServiceRoute(String name, String method, String path, String level) {}

  /// Takes the server's answer to a connect statement.
  ServiceLogin(String user, String token, ApiObject answer, Instant expires) {
    this.user = user;
    this.token = token;
    this.expires = expires;
    this.base = origin(answer);
    this.caPem = answer.text("caPem");
    this.routes =
        answer.list("routes").stream()
            .map(
                route ->
                    new ServiceRoute(
                        plain("name of a route", route.required("name")),
                        plain("method", route.required("method")),
                        path(route.required("path")),
                        plain("level", route.required("level"))))
            .toList();
  }

  private static URI origin(ApiObject answer) {
    try {
      int port = Math.toIntExact(answer.number("port").orElseThrow());
      var read = new URI("https", null, GatewayHost.of(answer), port, null, null, null);
      read.parseServerAuthority();
      return read;
    } catch (URISyntaxException e) {
      throw new Failure(ExitCode.FAILURE, "the server's answer names no valid host");
    }
  }

  /// A word that is the same to a shell and to a terminal: people evaluate what is made of it.
  private static String plain(String what, String text) {
    if (!text.matches("[A-Za-z][A-Za-z0-9._-]{0,99}")) {
      throw new Failure(ExitCode.FAILURE, "the server's answer names no valid %s".formatted(what));
    }
    return text;
  }

  /// What a shell would read as more than a path is refused.
  private static String path(String text) {
    if (!text.matches("/[A-Za-z0-9._~!$()*,:@%/{}-]*")) {
      throw new Failure(ExitCode.FAILURE, "the server's answer names no valid path");
    }
    return text;
  }

  /// Writes the header with the token, and the gateway's authority, with mode 0600.
  ///
  /// @return the file of the header
  public Path writeHeader(Path directory) {
    Path header = directory.resolve("authorization");
    PrivateFile.replace(header, "Authorization: Bearer " + token + "\n");
    if (!caPem.isEmpty()) {
      PrivateFile.replace(authority(directory), caPem);
    }
    return header;
  }

  /// Writes what HTTPie takes for the value of a header, with mode 0600.
  ///
  /// @return the file
  public Path writeBearer(Path directory) {
    Path bearer = directory.resolve("bearer");
    PrivateFile.replace(bearer, "Bearer " + token);
    return bearer;
  }

  /// The link that opens it in a browser; it holds the token.
  ///
  /// @throws Failure if this gateway lets no browsers in
  public BrowserAddress browserLink() {
    String domain =
        BrowserLink.domain(this)
            .orElseThrow(
                () ->
                    new Failure(
                        ExitCode.FAILURE,
                        "the gateway at " + base + " lets no browsers in",
                        "Ask your platform team to set gateway.http.sessionDomain."));
    URI start = BrowserLink.start(this, domain);
    return new BrowserAddress(
        start + "#" + token, certificateFault(start.getHost()).map(fault -> fault.words()));
  }

  /// A link for a browser, and what the browser will find wrong with the gateway's certificate.
  public record BrowserAddress(String link, Optional<String> warning) {
    /// Without the token.
    @Override
    public String toString() {
      return link.substring(0, link.indexOf('#'));
    }
  }

  /// What programs will find wrong with the gateway's certificate, if it is known by an authority
  /// of its own: then they get that one, and nothing else tells why they refuse.
  public Optional<String> certificateWarning() {
    return hasAuthority()
        ? certificateFault(base.getHost()).map(fault -> fault.words())
        : Optional.empty();
  }

  /// What a program that goes to this host will find wrong with the gateway's certificate.
  Optional<CertificateFault> certificateFault(String host) {
    try {
      return new GatewayTlsCheck(base, caPem).fault(host);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  String caPem() {
    return caPem;
  }

  /// The file of the gateway's authority; there only if [#hasAuthority].
  public static Path authority(Path directory) {
    return directory.resolve("ca.pem");
  }

  /// Whether the gateway's certificate is known by an authority of its own.
  public boolean hasAuthority() {
    return !caPem.isEmpty();
  }

  public URI base() {
    return base;
  }

  public String user() {
    return user;
  }

  public List<ServiceRoute> routes() {
    return routes;
  }

  public Instant expires() {
    return expires;
  }

  @Override
  public String toString() {
    return user + "@" + base;
  }
}
