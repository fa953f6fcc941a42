/// `lockbox demo`: the product with a generated configuration, three tenants and a helpdesk
/// database.
@NullMarked
package org.openlockbox.demo;

import org.jspecify.annotations.NullMarked;
