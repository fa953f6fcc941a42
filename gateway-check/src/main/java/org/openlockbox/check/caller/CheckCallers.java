package org.openlockbox.check.caller;

import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openlockbox.check.caller.CheckCaller.CallerProof;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.tree.Hash;

/// All callers of a gateway. Whoever is none of them is told nothing.
///
/// A caller's certificate counts by its digest alone: TLS has proven that the caller has its key,
/// and no authority is asked. A secret is sent as `<name>.<secret>`.
public final class CheckCallers {
  /// 43 to 128 characters, so that nobody can try them all.
  private static final Pattern SECRET =
      Pattern.compile("([a-z][a-z0-9-]{0,39})\\.([A-Za-z0-9_-]{43,128})");

  private final List<CheckCaller> callers;

  /// @throws IllegalArgumentException if two of them cannot be told apart
  public CheckCallers(List<CheckCaller> callers) {
    this.callers = List.copyOf(callers);
    if (this.callers.stream().map(CheckCaller::name).distinct().count() < callers.size()) {
      throw new IllegalArgumentException("two callers have the same name");
    }
    if (this.callers.stream().map(CheckCaller::proof).distinct().count() < callers.size()) {
      throw new IllegalArgumentException("two callers have the same secret or certificate");
    }
  }

  public List<CheckCaller> all() {
    return callers;
  }

  /// The caller that showed this certificate, as DER.
  public Optional<CheckCaller> byCertificate(Bytes der) {
    CallerProof shown = new CallerProof.CertificateHash(der.sha256());
    return callers.stream().filter(each -> each.proof().equals(shown)).findFirst();
  }

  /// The caller that sent this secret.
  public Optional<CheckCaller> bySecret(String sent) {
    Matcher read = SECRET.matcher(sent);
    if (!read.matches()) {
      return Optional.empty();
    }
    Hash digest = Bytes.ofUtf8(read.group(2)).sha256();
    return callers.stream()
        .filter(each -> each.name().equals(read.group(1)))
        .filter(
            each ->
                each.proof() instanceof CallerProof.SecretHash(Hash known)
                    && MessageDigest.isEqual(known.bytes(), digest.bytes()))
        .findFirst();
  }
}
