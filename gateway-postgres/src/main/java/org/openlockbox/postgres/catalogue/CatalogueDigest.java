package org.openlockbox.postgres.catalogue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The canonical form of a resource and its SHA-256: each fact on one line, each value preceded by
/// its length, sets in sorted order, tables in the order of the catalogue. Independent of comments,
/// key order and spelling of the YAML.
final class CatalogueDigest {
  private final StringBuilder text = new StringBuilder();

  private CatalogueDigest() {}

  static String whole(ResourceSpec spec) {
    var digest = new CatalogueDigest();
    digest.line("resource", "1");
    digest.line("id", spec.id().value());
    digest.line("name", spec.name());
    digest.line("host", spec.address().host());
    digest.line("port", Integer.toString(spec.address().port()));
    digest.line("tls", spec.address().tls().word());
    spec.address().authority().ifPresent(path -> digest.line("ca", path.toString()));
    spec.address()
        .loweredFloor()
        .ifPresent(floor -> digest.line("minimumVersion", floor.toString()));
    spec.tenancy().places().forEach((tenant, place) -> digest.line("tenant", tenant, place));
    if (spec.tenancy() instanceof Tenancy.ByColumn own) {
      own.lookup().ifPresent(query -> digest.line("lookup", query));
    }
    spec.hiddenTables().forEach(table -> digest.line("hidden", table.toString()));
    digest.line("unlisted", spec.unlisted().name());
    spec.extensions().forEach(extension -> digest.line("extension", extension));
    digest.line("providerReview", Boolean.toString(spec.providerReview()));
    digest.line("decideWithin", spec.decideWithin().toString());
    digest.fenceLines(spec);
    return digest.sha256();
  }

  static String fence(ResourceSpec spec) {
    var digest = new CatalogueDigest();
    digest.fenceLines(spec);
    return digest.sha256();
  }

  private void fenceLines(ResourceSpec spec) {
    line("database", spec.address().database());
    line("gatewayRole", spec.address().gatewayRole());
    line("catalogs", spec.catalogs().word());
    line("filter", spec.filter().word());
    spec.unmasked().forEach(column -> line("unmasked", column));
    line("clientCertificate", Boolean.toString(spec.address().shown().isPresent()));
    spec.levels().forEach(level -> line("level", Levels.word(level)));
    for (TableSpec table : spec.tables()) {
      line("table", table.name().toString());
      switch (table.scope()) {
        case RowScope.ByColumn own -> line("column", own.column());
        case RowScope.ByExpression in -> expression(in);
        case RowScope.ByParent up -> parent(up);
        case RowScope.ByParents up -> up.alternatives().forEach(this::parent);
        case RowScope.Whole whole -> line("whole", whole.tenant());
        case RowScope.Shared shared -> line("shared");
      }
      table.masks().forEach((column, mask) -> line("mask", column, mask.word()));
      table.hidden().forEach(column -> line("hide", column));
      table.unmasked().forEach(column -> line("unmasked", column));
      table.references().forEach(this::reference);
      table.lookups().forEach(column -> line("lookup", column));
      if (table.joinsParent()) {
        line("joinParent");
      }
    }
  }

  private void reference(String column, ReferenceTarget target) {
    switch (target) {
      case ReferenceTarget.KeyColumn key -> {
        line("reference", column, key.table().toString(), key.column());
        key.empty().ifPresent(value -> line("empty", value));
      }
      case ReferenceTarget.Nowhere nowhere -> line("no-reference", column);
    }
  }

  private void expression(RowScope.ByExpression in) {
    switch (in.part()) {
      case RowScope.TenantPart.Between part ->
          line("between", in.column(), part.separator(), Integer.toString(part.at()));
      case RowScope.TenantPart.First part ->
          line("first", in.column(), Integer.toString(part.characters()));
      case RowScope.TenantPart.JsonMember part -> line("member", in.column(), part.key());
    }
  }

  private void parent(RowScope.ByParent up) {
    line("parent", up.parent().toString());
    up.links().forEach(link -> line("link", link.column(), link.key()));
    up.only().ifPresent(only -> line("only", only.column(), only.value()));
  }

  private void line(String fact, String... values) {
    text.append(fact);
    for (String value : values) {
      text.append(' ').append(value.length()).append(':').append(value);
    }
    text.append('\n');
  }

  private String sha256() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
