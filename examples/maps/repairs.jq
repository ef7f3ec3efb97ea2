# Repairs of a bike shop: one record for each bike that was picked up.

def date_in($name): .[$name] | known | instant("%d.%m.%Y");

select(date_in("picked up"))   # still in the workshop: there is nothing to judge yet
| days_between(date_in("promised"); date_in("picked up")) as $days_late
| {
    id: column("order"),
    recipient: column("customer"),
    at: date_in("picked up"),
    journey: "bike", transaction: "repair", point: "pick-up",
    signals: [
      if $days_late == null then empty   # nothing was promised, so nothing was kept
      elif $days_late > 0 then "late"
      else "on-time" end
    ],
    verdict: (.stars | known | verdict(5)),
    said: (.remark | known)
  }
