// Where objects are collected: one slot for the data (or one for each partition of it), one for
// each error output, one for the backup of source records. The delivery stream's mutex guards them.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/delivery/buffer.h"
#include "engine/delivery/errors.h"
#include "engine/delivery/plan.h"

namespace hydrant::delivery {

enum class ObjectKind { data, errors, backup };

struct ObjectSlot {
  ObjectSlot(ObjectKind kind_in, std::string_view separator) : kind(kind_in), buffer(separator) {}

  const ObjectKind kind;
  ErrorOutput error_output = ErrorOutput::processing_failed;
  ObjectBuffer buffer;

  // Of a partition: what it was opened by, and by which it is cut; its values. It is active, and
  // counts against the limit, until all it has held is written.
  PlanPtr plan;
  std::vector<std::string> keys;
  std::size_t objects_unwritten = 0;
};
using SlotPtr = std::shared_ptr<ObjectSlot>;

class ObjectSlots {
 public:
  ObjectSlots() {
    for (std::size_t i = 0; i < kErrorOutputs; ++i) {
      errors_[i] = std::make_shared<ObjectSlot>(ObjectKind::errors, "\n");
      errors_[i]->error_output = static_cast<ErrorOutput>(i);
    }
  }

  const SlotPtr& data() const { return data_; }  // where nothing is partitioned
  const SlotPtr& errors(ErrorOutput output) const {
    return errors_.at(static_cast<std::size_t>(output));
  }
  const SlotPtr& backup() const { return backup_; }

  // Opened if need be. Null: `active_max` are active.
  SlotPtr partition(const PlanPtr& plan, const std::vector<std::string>& keys,
                    std::size_t active_max) {
    const auto known = partitions_.find({plan->version, keys});
    if (known != partitions_.end()) return known->second;
    if (partitions_.size() >= active_max) return nullptr;
    auto slot = std::make_shared<ObjectSlot>(ObjectKind::data, "");
    slot->plan = plan;
    slot->keys = keys;
    partitions_.emplace(std::pair(plan->version, keys), slot);
    return slot;
  }
  void forget_if_inactive(const ObjectSlot& slot) {
    if (slot.plan == nullptr || !slot.buffer.empty() || slot.objects_unwritten > 0) return;
    partitions_.erase({slot.plan->version, slot.keys});
  }
  std::size_t active_partitions() const { return partitions_.size(); }

  // In a fixed order. A slot may be cut by `visit`; partitions are only forgotten behind it.
  std::vector<SlotPtr> all() const {
    std::vector<SlotPtr> slots{data_};
    for (const auto& [id, slot] : partitions_) slots.push_back(slot);
    slots.insert(slots.end(), errors_.begin(), errors_.end());
    slots.push_back(backup_);
    return slots;
  }
  void clear_partitions() { partitions_.clear(); }

 private:
  const SlotPtr data_ = std::make_shared<ObjectSlot>(ObjectKind::data, "");
  const SlotPtr backup_ = std::make_shared<ObjectSlot>(ObjectKind::backup, "");
  std::array<SlotPtr, kErrorOutputs> errors_;
  std::map<std::pair<std::uint32_t, std::vector<std::string>>, SlotPtr> partitions_;
};

}  // namespace hydrant::delivery
