# Orders of a web shop with what their customers wrote: a table with one row for each order and review.
#
#   serveup import --map orders.jq --last-by order_id orders.csv | serveup rate -
#
# One order may have two reviews, and so two rows: --last-by keeps the last one, which is the customer's last
# word (and drops a row that is in the file twice). Days come first in the dates.
#
# delivery      on the day the parcel came. Up to a week late is "late", more is "promise-broken": that one
#               they remember. Early is "on-time" and no more, for being early does not please by itself.
#               Without a promised day nothing is said. A parcel that has not come gives no delivery.
# review        the verdict on the delivery: of 1 to 5 stars 5 says desired or above, 4 expected or above, 3
#               expected, 1 and 2 basic or below. How far below or above is for the facts to say: one star does
#               not soften a promise broken. One written before the parcel came, or without it, is a moment of
#               its own: it judges the wait.
#
# recipient     customer_unique_id is the person. customer_id is new with every order: by that one nobody
#               would ever come back.

def a_week: 7;

def date_in($name): .[$name] | known | instant("%d/%m/%Y");

column("order_id") as $order
| date_in("delivered") as $delivered
| days_between(date_in("promised"); $delivered) as $days_late
| date_in("review_date") as $reviewed
| {verdict: (.review_score | known | verdict(5)), said: (.review_comment | known)} as $review
| ($delivered != null and ($reviewed == null or days_between($delivered; $reviewed) >= 0)) as $judges_delivery

| {
    recipient: column("customer_unique_id"), journey: "shop", transaction: "order", channel: "online",
    relation: "external"
  } as $common

| (select($delivered != null)
   | $common + {
       id: "\($order)-delivery", at: $delivered, point: "delivery", stage: "middle",
       signals: [
         if $days_late == null then empty
         elif $days_late > a_week then "promise-broken"
         elif $days_late > 0 then "late"
         else "on-time" end
       ]
     } + (if $judges_delivery then $review else {} end)),

  (select($review.verdict != null and ($judges_delivery | not))
   | $common + $review + {id: "\($order)-review", at: $reviewed, point: "review", stage: "middle"})
