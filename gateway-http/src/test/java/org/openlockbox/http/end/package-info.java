/// What arrives at clients behind the end of an access, over HTTP.
@NullMarked
package org.openlockbox.http.end;

import org.jspecify.annotations.NullMarked;
