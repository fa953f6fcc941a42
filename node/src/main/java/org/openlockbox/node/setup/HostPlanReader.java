package org.openlockbox.node.setup;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogHost;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.setup.HostPlan.FirstPerson;
import org.openlockbox.node.setup.HostPlan.FirstProfiles;
import org.openlockbox.node.setup.HostPlan.GatewayAddress;
import org.openlockbox.node.setup.HostPlan.GivenCertificate;
import org.openlockbox.node.setup.HostPlan.GuardedDatabase;
import org.openlockbox.node.setup.HostPlan.MailPlan;
import org.openlockbox.node.setup.HostPlan.ServerAddress;
import org.openlockbox.node.setup.HostPlan.ServerPlan;

/// Reads a [HostPlan] from the answers, or refuses them in one sentence.
final class HostPlanReader {
  private static final Pattern ENDPOINT = Pattern.compile("([^:/@\\s]+):([0-9]{1,5})");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
  private static final Pattern URL = Pattern.compile("https://[A-Za-z0-9.-]+(:[0-9]{1,5})?");

  private final Answers answers;

  private HostPlanReader(Answers answers) {
    this.answers = answers;
  }

  static HostPlan read(Answers answers) {
    try {
      return new HostPlanReader(answers).plan();
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private HostPlan plan() {
    var role = answers.role();
    Optional<ServerPlan> server = role.hasServer() ? Optional.of(server()) : Optional.empty();
    Optional<GuardedDatabase> guarded =
        role.hasGateway() ? Optional.of(guarded()) : Optional.empty();
    return new HostPlan(
        server
            .map(it -> URI.create("https://%s:%d".formatted(it.host(), it.port())))
            .orElseGet(this::serverUrl),
        new GatewayAddress(gatewayName(server), port(SetupQuestion.GATEWAY_PORT, 6432)),
        resource(guarded),
        server,
        guarded,
        answers.optional(SetupQuestion.ADMIN),
        certificate(),
        answers.layout());
  }

  private Optional<String> gatewayName(Optional<ServerPlan> server) {
    return answers.role() == HostRole.SERVER
        ? Optional.of(host(SetupQuestion.GATEWAY_HOST))
        : server.map(ServerPlan::host);
  }

  private ResourceId resource(Optional<GuardedDatabase> guarded) {
    return new ResourceId(
        guarded
            .map(it -> answers.or(SetupQuestion.RESOURCE, it.database()))
            .orElseGet(() -> answers.needed(SetupQuestion.RESOURCE)));
  }

  private URI serverUrl() {
    String text = answers.needed(SetupQuestion.SERVER_URL);
    if (!URL.matcher(text).matches()) {
      throw refused(SetupQuestion.SERVER_URL, text);
    }
    return URI.create(text);
  }

  private ServerPlan server() {
    String host = host(SetupQuestion.HOST);
    return new ServerPlan(
        host,
        port(SetupQuestion.PORT, 8443),
        line(SetupQuestion.PROVIDER, answers.needed(SetupQuestion.PROVIDER)),
        new LogHost(answers.or(SetupQuestion.LOG_HOST, host)),
        endpoint(SetupQuestion.CONTROL, answers.or(SetupQuestion.CONTROL, "localhost:5432")),
        new FirstProfiles(
            person(SetupQuestion.OPERATOR, "operator:Operator"),
            person(SetupQuestion.ENGINEER, "engineer:Engineer")),
        answers.optional(SetupQuestion.MAIL).map(server -> mail(server, host)));
  }

  private GuardedDatabase guarded() {
    String[] protect = answers.needed(SetupQuestion.PROTECT).split("/", 2);
    if (protect.length != 2 || protect[1].isBlank()) {
      throw refused(SetupQuestion.PROTECT, answers.needed(SetupQuestion.PROTECT));
    }
    return new GuardedDatabase(
        endpoint(SetupQuestion.PROTECT, protect[0]),
        line(SetupQuestion.PROTECT, protect[1]),
        answers.optional(SetupQuestion.TENANT_COLUMN),
        tenants(answers.needed(SetupQuestion.TENANTS)));
  }

  private static Map<TenantId, String> tenants(String text) {
    Map<TenantId, String> tenants = new LinkedHashMap<>();
    for (String one : List.of(text.split(",", -1))) {
      String[] pair = one.strip().split("=", 2);
      if (pair.length != 2 || pair[1].isBlank()) {
        throw refused(SetupQuestion.TENANTS, text);
      }
      tenants.put(new TenantId(pair[0]), line(SetupQuestion.TENANTS, pair[1]));
    }
    return tenants;
  }

  private FirstPerson person(SetupQuestion question, String usual) {
    String text = answers.or(question, usual);
    String[] pair = text.split(":", 2);
    if (pair.length != 2) {
      throw refused(question, text);
    }
    return new FirstPerson(new SubjectId(pair[0]), line(question, pair[1]));
  }

  private MailPlan mail(String server, String host) {
    return new MailPlan(
        endpoint(SetupQuestion.MAIL, server),
        line(SetupQuestion.MAIL_FROM, answers.or(SetupQuestion.MAIL_FROM, "lockbox@" + host)));
  }

  /// All files of one, or none. Whose authority is known already needs no third.
  private Optional<GivenCertificate> certificate() {
    var certificate = file(SetupQuestion.CERTIFICATE);
    var key = file(SetupQuestion.KEY);
    var authority = file(SetupQuestion.CA);
    var renewed = file(SetupQuestion.ACME);
    if (renewed.isPresent()) {
      requireAcmeAlone(certificate.isPresent() || key.isPresent(), authority.isPresent());
      return Optional.of(GivenCertificate.renewed(renewed.get().toAbsolutePath(), authority));
    }
    if (certificate.isEmpty() && key.isEmpty() && authority.isEmpty()) {
      return Optional.empty();
    }
    boolean withAuthority = answers.role().hasServer();
    if (certificate.isEmpty() || key.isEmpty() || authority.isPresent() != withAuthority) {
      throw new NodeFailure(
          Code.USAGE,
          withAuthority
              ? "a certificate of your own takes all three: --certificate, --key and --ca"
              : "a certificate of your own takes both --certificate and --key");
    }
    return Optional.of(
        new GivenCertificate(certificate.get(), key.get(), authority, Optional.empty()));
  }

  private void requireAcmeAlone(boolean withFiles, boolean withAuthority) {
    if (withFiles) {
      throw new NodeFailure(
          Code.USAGE,
          "--acme names the certificate and its key: leave out --certificate and --key");
    }
    if (withAuthority != answers.role().hasServer()) {
      throw new NodeFailure(
          Code.USAGE,
          withAuthority
              ? "the authority of the gateway's certificate is known already: leave out --ca"
              : "--acme needs --ca: the root certificate of the ACME authority, which engineers get");
    }
  }

  private Optional<Path> file(SetupQuestion question) {
    return answers.optional(question).map(Path::of);
  }

  private String host(SetupQuestion question) {
    String text = answers.needed(question);
    if (!HOST.matcher(text).matches()) {
      throw refused(question, text);
    }
    return text;
  }

  private static ServerAddress endpoint(SetupQuestion question, String text) {
    var match = ENDPOINT.matcher(text);
    if (!match.matches()) {
      throw refused(question, text);
    }
    return new ServerAddress(match.group(1), number(question, match.group(2)));
  }

  private int port(SetupQuestion question, int usual) {
    return number(question, answers.or(question, Integer.toString(usual)));
  }

  private static int number(SetupQuestion question, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw refused(question, text);
  }

  /// What stands in a line of a file.
  private static String line(SetupQuestion question, String text) {
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      throw refused(question, text);
    }
    return text.strip();
  }

  private static NodeFailure refused(SetupQuestion question, String text) {
    return new NodeFailure(
        Code.USAGE, "%s %s is not %s".formatted(question.flag(), text, question.form()));
  }
}
