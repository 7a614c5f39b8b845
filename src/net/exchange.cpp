#include "net/exchange.h"

#include "net/reply_head.h"

namespace hydrant::net {

Deferral::~Deferral() { give(refusal(500)); }

void Deferral::give(Reply reply) {
  if (given_.exchange(true)) return;
  mailbox_->post([exchange = exchange_, reply = std::move(reply)]() mutable {
    if (exchange->taker != nullptr) exchange->taker->take(std::move(reply));
  });
}

}  // namespace hydrant::net
