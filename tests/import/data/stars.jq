# Orders and the stars they got. What never came is "unresolved", more than a week late is "promise-broken".
(.delivered | known) as $delivered
| days_between(.promised; $delivered) as $days_late
| {
    id: .order, recipient: .customer, at: ($delivered // .answered),
    journey: "shop", transaction: "order", point: "delivery",
    signals: [
      if $delivered == null then "unresolved"
      elif $days_late > 7 then "promise-broken"
      elif $days_late > 0 then "late"
      else "on-time" end
    ],
    verdict: verdict(.stars | known; 5)
  }
