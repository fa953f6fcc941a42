/// Tests of requests and answers on their way.
@NullMarked
package org.openlockbox.http.exchange;

import org.jspecify.annotations.NullMarked;
