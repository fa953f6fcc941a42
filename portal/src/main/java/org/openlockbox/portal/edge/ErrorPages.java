package org.openlockbox.portal.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.server.problem.Outage;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.tlog.tile.MissingTile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/// The one place where what went wrong on a page becomes a page: what happened, that nothing was
/// done, why in the reader's language, and the next step. The API's own sentence, in English, is
/// folded beneath it. The API's faults are not handled here.
final class ErrorPages implements HandlerExceptionResolver {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorPages.class);

  private final PageContexts frames;
  private final Pages pages;
  private final Sites sites;

  ErrorPages(PageContexts frames, Pages pages, Sites sites) {
    this.frames = frames;
    this.pages = pages;
    this.sites = sites;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception fault) {
    if (Sites.isApi(request)) {
      return null;
    }
    if (fault instanceof AsyncRequestNotUsableException) {
      return new ModelAndView();
    }
    if (response.isCommitted()) {
      // Left to the web server, which breaks the connection off: nobody takes a part for the whole.
      throw new IllegalStateException("an answer was broken off", fault);
    }
    try {
      write(request, response, problem(fault));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ModelAndView();
  }

  private static Problem problem(Exception fault) {
    if (fault instanceof Problem problem) {
      return problem;
    }
    if (fault instanceof MalformedJson) {
      return Problem.malformed("what was sent cannot be read");
    }
    if (fault instanceof TypeMismatchException || fault instanceof InvalidParameterException) {
      return Problem.malformed("what was sent cannot be read");
    }
    if (fault instanceof MissingTile missing) {
      LOG.error("a log is damaged", missing);
      return Problem.damaged("the log misses rows: " + missing.getMessage());
    }
    if (fault instanceof ErrorResponse known) {
      return Problem.ofStatus(known.getStatusCode().value());
    }
    if (Outage.isOne(fault)) {
      LOG.warn("the database does not answer: {}", fault.toString());
      return Problem.unavailable();
    }
    LOG.error("a page failed", fault);
    return Problem.ofStatus(500);
  }

  /// Shows the problem; who is not signed in and only wanted to read is sent to sign in.
  void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    boolean signedOut = problem.status() == 401;
    if (signedOut && request.getMethod().equals("GET")) {
      response.setStatus(303);
      response.setHeader("Location", signIn(request.getRequestURI()));
      return;
    }
    response.setStatus(problem.status());
    response.setContentType("text/html;charset=utf-8");
    var frame = frame(request, problem);
    var kind = "fault." + problem.status();
    var id = frame.words().knows(kind + ".title") ? kind : "fault.other";
    var model =
        Map.<String, Object>of(
            "frame",
            frame,
            "id",
            id,
            "code",
            "fault.code." + problem.code(),
            "detail",
            TextRules.visible(problem.detail()),
            "typed",
            signedOut ? typed(request) : List.of(),
            "next",
            next(request, signedOut));
    response.getOutputStream().write(pages.html("fault", model));
  }

  /// With the navigation where somebody is signed in and the server is well: a wrong address is no
  /// dead end. A page about a fault does not fail for another one.
  private PageContext frame(HttpServletRequest request, Problem problem) {
    try {
      return problem.status() < 500 && !sites.isApprove(request)
          ? frames.visitor(request).map(Visitor::frame).orElseGet(() -> frames.stranger(request))
          : frames.stranger(request);
    } catch (RuntimeException another) {
      LOG.warn("a page about a fault has no navigation: {}", another.toString());
      return frames.stranger(request);
    }
  }

  private static String signIn(String next) {
    return "/sign-in?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
  }

  private String next(HttpServletRequest request, boolean signedOut) {
    if (sites.isApprove(request)) {
      return sites.portal() + "/";
    }
    return signedOut ? signIn("/") : "/";
  }

  /// What somebody wrote is shown once more, so that it can be copied. Nothing but a page of ours
  /// has sent it ([Sites]).
  private static List<String> typed(HttpServletRequest request) {
    return request.getParameterMap().values().stream()
        .flatMap(Stream::of)
        .map(text -> TextRules.visible(text.strip()))
        .filter(text -> text.length() > 10 && text.indexOf(' ') > 0 && text.length() < 4_000)
        .limit(5)
        .toList();
  }
}
