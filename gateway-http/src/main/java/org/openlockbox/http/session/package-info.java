/// Sessions over HTTP: who comes with which token, and what of theirs is under way.
@NullMarked
package org.openlockbox.http.session;

import org.jspecify.annotations.NullMarked;
