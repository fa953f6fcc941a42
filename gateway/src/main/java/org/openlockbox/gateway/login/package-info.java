/// Connections that have not logged in yet: who may hold how many open, for how long, and who
/// guesses.
@NullMarked
package org.openlockbox.gateway.login;

import org.jspecify.annotations.NullMarked;
