package org.openlockbox.node.setup;

import static java.util.Comparator.comparing;

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

/// What `lockbox init` makes, decided and checked before the first file is written.
record HostPlan(
    String host,
    String provider,
    LogHost logHost,
    DatabasePlan databases,
    FirstProfiles people,
    Optional<MailPlan> mail,
    Optional<GivenCertificate> certificate,
    int port,
    int gatewayPort,
    HostLayout layout) {
  private static final Pattern ENDPOINT = Pattern.compile("([^:/@\\s]+):([0-9]{1,5})");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

  /// A PostgreSQL server.
  record ServerAddress(String host, int port) {
    boolean isHere() {
      return host.equals("localhost") || host.equals("127.0.0.1");
    }
  }

  /// Both servers, and who may make roles there.
  record DatabasePlan(
      ServerAddress control,
      ServerAddress server,
      String database,
      Optional<String> admin,
      ResourceId resource,
      Optional<String> tenantColumn,
      Map<TenantId, String> tenants) {
    DatabasePlan {
      tenants = Map.copyOf(tenants);
    }

    /// One of them, the same each time.
    TenantId firstTenant() {
      return tenants.keySet().stream().min(comparing(TenantId::value)).orElseThrow();
    }
  }

  /// Somebody who gets a token and a profile.
  record FirstPerson(SubjectId id, String name) {}

  record FirstProfiles(FirstPerson operator, FirstPerson engineer) {}

  record MailPlan(ServerAddress server, String from) {}

  /// One that was not made here.
  record GivenCertificate(Path certificate, Path key, Path authority) {}

  /// Reads the answers, or refuses them in one sentence.
  static HostPlan of(Answers answers) {
    try {
      String host = host(answers.needed(SetupQuestion.HOST));
      return new HostPlan(
          host,
          line(SetupQuestion.PROVIDER, answers.needed(SetupQuestion.PROVIDER)),
          new LogHost(answers.or(SetupQuestion.LOG_HOST, host)),
          databases(answers),
          new FirstProfiles(
              person(
                  SetupQuestion.OPERATOR, answers.or(SetupQuestion.OPERATOR, "operator:Operator")),
              person(
                  SetupQuestion.ENGINEER, answers.or(SetupQuestion.ENGINEER, "engineer:Engineer"))),
          answers.optional(SetupQuestion.MAIL).map(server -> mail(server, answers, host)),
          certificate(answers),
          port(answers, SetupQuestion.PORT, 8443),
          port(answers, SetupQuestion.GATEWAY_PORT, 6432),
          new HostLayout(
              Path.of(answers.or(SetupQuestion.DIRECTORY, "/etc/lockbox")).toAbsolutePath(),
              Path.of(answers.or(SetupQuestion.STATE, "/var/lib")).toAbsolutePath()));
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static DatabasePlan databases(Answers answers) {
    String[] protect = answers.needed(SetupQuestion.PROTECT).split("/", 2);
    if (protect.length != 2 || protect[1].isBlank()) {
      throw refused(SetupQuestion.PROTECT, answers.needed(SetupQuestion.PROTECT));
    }
    return new DatabasePlan(
        endpoint(SetupQuestion.CONTROL, answers.or(SetupQuestion.CONTROL, "localhost:5432")),
        endpoint(SetupQuestion.PROTECT, protect[0]),
        line(SetupQuestion.PROTECT, protect[1]),
        answers.optional(SetupQuestion.ADMIN),
        new ResourceId(answers.or(SetupQuestion.RESOURCE, protect[1])),
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

  private static FirstPerson person(SetupQuestion question, String text) {
    String[] pair = text.split(":", 2);
    if (pair.length != 2) {
      throw refused(question, text);
    }
    return new FirstPerson(new SubjectId(pair[0]), line(question, pair[1]));
  }

  private static MailPlan mail(String server, Answers answers, String host) {
    return new MailPlan(
        endpoint(SetupQuestion.MAIL, server),
        line(SetupQuestion.MAIL_FROM, answers.or(SetupQuestion.MAIL_FROM, "lockbox@" + host)));
  }

  private static Optional<GivenCertificate> certificate(Answers answers) {
    var all =
        List.of(
            answers.optional(SetupQuestion.CERTIFICATE),
            answers.optional(SetupQuestion.KEY),
            answers.optional(SetupQuestion.CA));
    if (all.stream().allMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    if (!all.stream().allMatch(Optional::isPresent)) {
      throw new NodeFailure(
          Code.USAGE, "a certificate of your own takes all three: --certificate, --key and --ca");
    }
    var files = all.stream().flatMap(Optional::stream).map(Path::of).toList();
    return Optional.of(new GivenCertificate(files.get(0), files.get(1), files.get(2)));
  }

  private static String host(String text) {
    if (!HOST.matcher(text).matches()) {
      throw refused(SetupQuestion.HOST, text);
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

  private static int port(Answers answers, SetupQuestion question, int usual) {
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
