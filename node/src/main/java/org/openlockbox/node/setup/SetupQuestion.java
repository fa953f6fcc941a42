package org.openlockbox.node.setup;

/// What `lockbox init` has to know. Each is a flag, a key of an answers file, and a question at the
/// terminal, under the same name.
public enum SetupQuestion {
  SERVER(
      "server",
      "",
      Place.ANYWHERE,
      Need.OPTIONAL,
      "Make the server alone, and a directory of files for the gateway on another host."),
  GATEWAY(
      "gateway",
      "",
      Place.ANYWHERE,
      Need.OPTIONAL,
      "Make the gateway alone, with the directory that --server made for it on another host."),
  HOST("host", "NAME", Place.SERVER, Need.ASKED, "The name that people type to reach this host."),
  PROVIDER("provider", "NAME", Place.SERVER, Need.ASKED, "Who you are, as your customers read it."),
  PROTECT(
      "protect",
      "HOST:PORT/DATABASE",
      Place.GATEWAY,
      Need.ASKED,
      "The database to protect, such as localhost:5432/shop."),
  TENANTS(
      "tenants",
      "T=VALUE,…",
      Place.GATEWAY,
      Need.ASKED,
      "Your customers, each with its value in the tenant column: acme=1,globex=2."),
  TENANT_COLUMN(
      "tenant-column",
      "COLUMN",
      Place.GATEWAY,
      Need.OPTIONAL,
      "The column that tells customers apart; without it, the likeliest one."),
  RESOURCE(
      "resource",
      "ID",
      Place.ANYWHERE,
      Need.OF_THE_SERVER_ALONE,
      "What requests call that database; with a gateway here and without it, its name."),
  GATEWAY_HOST(
      "gateway-host",
      "NAME",
      Place.SERVER_ALONE,
      Need.ASKED,
      "With --server: the name that people type to reach the gateway's host."),
  SERVER_URL(
      "server-url",
      "URL",
      Place.GATEWAY_ALONE,
      Need.ASKED,
      "With --gateway: where the server is; the directory that --server made says it."),
  LOG_HOST(
      "log-host",
      "NAME",
      Place.SERVER,
      Need.OPTIONAL,
      "The first part of every log's name, which never changes; without it, the host."),
  CONTROL(
      "control",
      "HOST:PORT",
      Place.SERVER,
      Need.OPTIONAL,
      "The PostgreSQL server for the control plane (default: localhost:5432)."),
  ADMIN(
      "admin",
      "ROLE",
      Place.ANYWHERE,
      Need.OPTIONAL,
      "A superuser of the database servers, its password in PGPASSWORD or ~/.pgpass. Without it,"
          + " root becomes the system's user postgres, on this host."),
  OPERATOR(
      "operator",
      "ID:NAME",
      Place.SERVER,
      Need.OPTIONAL,
      "The first operator (default: operator:Operator)."),
  ENGINEER(
      "engineer",
      "ID:NAME",
      Place.SERVER,
      Need.OPTIONAL,
      "The first engineer (default: engineer:Engineer)."),
  MAIL(
      "mail",
      "HOST:PORT",
      Place.SERVER,
      Need.OPTIONAL,
      "Where mail goes out; without it, none is sent."),
  MAIL_FROM(
      "mail-from", "ADDRESS", Place.SERVER, Need.OPTIONAL, "Who sends it (default: lockbox@HOST)."),
  CERTIFICATE(
      "certificate",
      "FILE",
      Place.ANYWHERE,
      Need.OPTIONAL,
      "A TLS certificate for this host (PEM); without it, an authority is made that signs one."),
  KEY("key", "FILE", Place.ANYWHERE, Need.OPTIONAL, "Its private key (PEM)."),
  CA(
      "ca",
      "FILE",
      Place.SERVER,
      Need.OPTIONAL,
      "The authority of that certificate (PEM); the gateway's must be by the same one."),
  ACME(
      "acme",
      "DIRECTORY",
      Place.ANYWHERE,
      Need.OPTIONAL,
      "Instead of --certificate and --key: where an ACME client renews them as fullchain.pem and"
          + " privkey.pem, such as /etc/letsencrypt/live/NAME. Renewed ones are taken over."),
  PORT("port", "N", Place.SERVER, Need.OPTIONAL, "Where the server listens (default: 8443)."),
  GATEWAY_PORT(
      "gateway-port",
      "N",
      Place.ANYWHERE,
      Need.OPTIONAL,
      "Where the gateway listens (default: 6432)."),
  DIRECTORY("directory", "DIR", Place.ANYWHERE, Need.OPTIONAL, "Instead of /etc/lockbox."),
  STATE(
      "state",
      "DIR",
      Place.ANYWHERE,
      Need.OPTIONAL,
      "Instead of /var/lib: above the directories of both parts.");

  /// On which hosts it has a meaning.
  private enum Place {
    ANYWHERE,
    /// Where a server is made.
    SERVER,
    /// Where a gateway is made.
    GATEWAY,
    SERVER_ALONE,
    GATEWAY_ALONE;

    boolean covers(HostRole role) {
      return switch (this) {
        case ANYWHERE -> true;
        case SERVER -> role.hasServer();
        case GATEWAY -> role.hasGateway();
        case SERVER_ALONE -> role == HostRole.SERVER;
        case GATEWAY_ALONE -> role == HostRole.GATEWAY;
      };
    }
  }

  /// Whether a person is asked for what no flag and no file says.
  private enum Need {
    ASKED,
    OF_THE_SERVER_ALONE,
    OPTIONAL
  }

  private final String word;
  private final String form;
  private final Place place;
  private final Need need;
  private final String text;

  SetupQuestion(String word, String form, Place place, Need need, String text) {
    this.word = word;
    this.form = form;
    this.place = place;
    this.need = need;
    this.text = text;
  }

  public String word() {
    return word;
  }

  /// The flag.
  public String flag() {
    return "--" + word;
  }

  /// What a value looks like.
  public String form() {
    return form;
  }

  public String text() {
    return text;
  }

  /// Whether it is said or not, and has no value.
  boolean isSwitch() {
    return form.isEmpty();
  }

  /// Whether it has a meaning on such a host.
  boolean isAskedOn(HostRole role) {
    return place.covers(role);
  }

  /// Whether there is no going on without an answer.
  boolean isNeededOn(HostRole role) {
    return switch (need) {
      case ASKED -> isAskedOn(role);
      case OF_THE_SERVER_ALONE -> role == HostRole.SERVER;
      case OPTIONAL -> false;
    };
  }
}
