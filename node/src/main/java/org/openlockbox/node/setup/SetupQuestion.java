package org.openlockbox.node.setup;

/// What `lockbox init` has to know. Each is a flag, a key of an answers file, and a question at the
/// terminal, under the same name.
public enum SetupQuestion {
  HOST("host", "NAME", Need.ASKED, "The name that people type to reach this host."),
  PROVIDER("provider", "NAME", Need.ASKED, "Who you are, as your customers read it."),
  PROTECT(
      "protect",
      "HOST:PORT/DATABASE",
      Need.ASKED,
      "The database to protect, such as localhost:5432/shop."),
  TENANTS(
      "tenants",
      "T=VALUE,…",
      Need.ASKED,
      "Your customers, each with its value in the tenant column: acme=1,globex=2."),
  TENANT_COLUMN(
      "tenant-column",
      "COLUMN",
      Need.OPTIONAL,
      "The column that tells customers apart; without it, the likeliest one."),
  RESOURCE(
      "resource", "ID", Need.OPTIONAL, "What requests call that database; without it, its name."),
  LOG_HOST(
      "log-host",
      "NAME",
      Need.OPTIONAL,
      "The first part of every log's name, which never changes; without it, the host."),
  CONTROL(
      "control",
      "HOST:PORT",
      Need.OPTIONAL,
      "The PostgreSQL server for the control plane (default: localhost:5432)."),
  ADMIN(
      "admin",
      "ROLE",
      Need.OPTIONAL,
      "A superuser of both database servers, its password in PGPASSWORD or ~/.pgpass. Without it,"
          + " root becomes the system's user postgres, on this host."),
  OPERATOR(
      "operator", "ID:NAME", Need.OPTIONAL, "The first operator (default: operator:Operator)."),
  ENGINEER(
      "engineer", "ID:NAME", Need.OPTIONAL, "The first engineer (default: engineer:Engineer)."),
  MAIL("mail", "HOST:PORT", Need.OPTIONAL, "Where mail goes out; without it, none is sent."),
  MAIL_FROM("mail-from", "ADDRESS", Need.OPTIONAL, "Who sends it (default: lockbox@HOST)."),
  CERTIFICATE(
      "certificate",
      "FILE",
      Need.OPTIONAL,
      "A TLS certificate for this host (PEM); without it, an authority is made that signs one."),
  KEY("key", "FILE", Need.OPTIONAL, "Its private key (PEM)."),
  CA("ca", "FILE", Need.OPTIONAL, "The authority of that certificate (PEM)."),
  PORT("port", "N", Need.OPTIONAL, "Where the server listens (default: 8443)."),
  GATEWAY_PORT("gateway-port", "N", Need.OPTIONAL, "Where the gateway listens (default: 6432)."),
  DIRECTORY("directory", "DIR", Need.OPTIONAL, "Instead of /etc/lockbox."),
  STATE("state", "DIR", Need.OPTIONAL, "Instead of /var/lib: above the directories of both parts.");

  /// Whether a person is asked for what no flag and no file says.
  private enum Need {
    ASKED,
    OPTIONAL
  }

  private final String word;
  private final String form;
  private final Need need;
  private final String text;

  SetupQuestion(String word, String form, Need need, String text) {
    this.word = word;
    this.form = form;
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

  /// Whether there is no going on without an answer.
  public boolean isNeeded() {
    return need == Need.ASKED;
  }
}
