/// Tests of the sessions over HTTP.
@NullMarked
package org.openlockbox.http.session;

import org.jspecify.annotations.NullMarked;
