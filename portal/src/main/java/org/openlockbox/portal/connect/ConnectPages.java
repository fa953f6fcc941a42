package org.openlockbox.portal.connect;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.statement.Nonce;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.portal.wording.SentencePart;
import org.openlockbox.server.access.ConnectStatements;
import org.openlockbox.server.access.RefusedSignatures;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The pages of the approve origin on which an engineer's passkey signs a login for this browser:
///
/// ```text
///   portal ─▶ the browser makes a token ─▶ connect statement with its SHA-256, shown ─▶ signed
///     ─▶ the gateway's own page, with the token behind `#`
/// ```
///
/// The token is made in the browser and stands behind `#` alone, so it is never sent here. That the
/// script does so rests on whoever serves it: this server.
@Controller
public final class ConnectPages {
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int USER = 4;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Visibility visibility;
  private final InstantSource clock;
  private final SigningTokens signingTokens;
  private final RefusedSignatures refused;
  private final ConnectStatements connecting;
  private final RandomGenerator random;

  public ConnectPages(
      PortalEdge.Parts parts,
      Provider provider,
      Visibility visibility,
      InstantSource clock,
      SigningTokens signingTokens,
      RefusedSignatures refused,
      ConnectStatements connecting,
      RandomGenerator random) {
    this.parts = parts;
    this.provider = provider;
    this.visibility = visibility;
    this.clock = clock;
    this.signingTokens = signingTokens;
    this.refused = refused;
    this.connecting = connecting;
    this.random = random;
  }

  /// The browser makes a token, and comes back at once.
  @PostMapping("/sign/connect")
  ResponseEntity<byte[]> begin(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    Secret token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    var connect = connect(taken);
    var frame = parts.frames().signer(request, taken.person(), taken.zone());
    return parts
        .pages()
        .page(
            "connect/begin",
            Map.<String, Object>of(
                "frame", frame,
                "handover", token.forTheBrowser(),
                "back", back(connect)));
  }

  @PostMapping("/sign/connect/statement")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    Secret token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    var connect = connect(taken);
    var unsigned = statement(connect, digest(form)).unsigned();
    var draft = signingTokens.draft(token, unsigned).orElseThrow(SigningForm::used);
    var frame = parts.frames().signer(request, taken.person(), taken.zone());
    var sentence =
        SentencePart.sentence(
            frame.words().pattern("connect.sentence"),
            List.of(
                connect.resource().name(),
                frame.tenant(taken.tenant().value()),
                frame.say("level." + connect.terms().level().word()),
                frame.time(connect.terms().window().notAfter())));
    return parts
        .pages()
        .page(
            "connect/sign",
            Map.<String, Object>of(
                "frame",
                frame,
                "sentence",
                sentence,
                "ceremony",
                Ceremony.of(
                    parts.sites(),
                    unsigned,
                    draft,
                    connect.passkeys(),
                    "/sign/connect/send",
                    "/requests/" + connect.stored().id())));
  }

  private static Hash digest(MultiValueMap<String, String> form) {
    try {
      return Hash.ofHex(Optional.ofNullable(form.getFirst("token")).orElse(""));
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("no token was made");
    }
  }

  /// The same as the command line signs.
  private ConnectStatement statement(BrowserConnect connect, Hash token) {
    var stored = connect.stored();
    byte[] tail = new byte[USER];
    random.nextBytes(tail);
    return new ConnectStatement(
        stored.tenant(),
        stored.id(),
        connect.resource().id(),
        stored.submission().engineer().id(),
        stored.id().userPrefix() + HexFormat.of().formatHex(tail),
        new Credential.Token(token),
        window(connect.terms().window()),
        Nonce.random(random));
  }

  /// From a minute ago, but not before the grant; for 12 hours, but not beyond the grant.
  private Window window(Window granted) {
    Instant early = clock.instant().minus(SKEW).truncatedTo(ChronoUnit.SECONDS);
    Instant start = early.isBefore(granted.notBefore()) ? granted.notBefore() : early;
    Instant late = start.plus(ConnectStatement.LONGEST);
    return new Window(start, late.isBefore(granted.notAfter()) ? late : granted.notAfter());
  }

  @PostMapping("/sign/connect/send")
  ResponseEntity<byte[]> send(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var sending = SigningForm.sending(form, signingTokens, refused);
    var taken = sending.context();
    var connect = connect(taken);
    Envelope envelope = sending.unsigned().with(SigningForm.assertion(form, connect.passkeys()));
    connecting.connect(connect.stored(), envelope);
    var frame = parts.frames().signer(request, taken.person(), taken.zone());
    return parts
        .pages()
        .page(
            "connect/ready",
            Map.<String, Object>of("frame", frame, "door", connect.door(), "back", back(connect)));
  }

  private String back(BrowserConnect connect) {
    return parts.sites().portal() + "/requests/" + connect.stored().id();
  }

  /// What this person can open now: rights are looked at again each time.
  private BrowserConnect connect(SigningTokens.SigningContext taken) {
    if (!(taken.intent() instanceof SigningIntent.Decide about)) {
      throw SigningForm.used();
    }
    var caller = taken.person().caller();
    var stored = visibility.request(caller, null, about.request().value());
    if (!Visibility.owns(caller, stored)) {
      throw Problem.notFound();
    }
    return BrowserConnect.of(
            stored, caller.subject(), provider, parts.sites().approve(), clock.instant())
        .orElseThrow(Problem::stale);
  }
}
