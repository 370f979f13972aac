//! The table of spread constraints.

use fed_core::Cluster;
use fed_core::divide::karmada::Strategy;
use fed_core::place::karmada::{
    FeasibleCluster, Region, SpreadBy, SpreadConstraint, choose_regions, ranked, regions, select,
    select_in_regions,
};
use serde_json::{Value, json};

use crate::common::{Case, Miss, same, table};
use crate::translate::{self, items, text};

#[test]
fn karmada_spread() {
    table!("karmada_spread").run(|case| match case.group {
        "group_clusters/Test_GroupClustersWithScore" => grouped(case),
        "group_clusters/Test_CalcGroupScore" => compared(case),
        "group_clusters/Test_CalcGroupScoreForDuplicate" => {
            let found = score(case.get("clusters"), case.get("rbSpec"), 0);
            same("score", &found, &case.get("watScore").as_i64().unwrap())
        }
        "select_groups/TestSelectGroups" => groups(case),
        "select_clusters_by_region/Test_selectBestClustersByRegion" => by_region(case),
        "select_clusters/TestSelectBestClusters" => selected(case),
        "util/TestIsSpreadConstraintExisted" => Err(Miss::LeftOut(LOOK_UP)),
        "util/Test_sortClusters" => {
            let (clusters, infos) = split(case.get("infos"));
            let feasible = feasible(&clusters, &infos);
            let found = names(&feasible, &ranked(&feasible));
            same("order", &found, &listed(case.get("want")))
        }
        "common/TestSelectClusters" => from_scores(case),
        other => Err(format!("no translation for {other}").into()),
    });
}

const LOOK_UP: &str = "whether a list has an item, without a decision";

/// Clusters, and what the table says of each of them.
fn split(list: &Value) -> (Vec<Cluster>, Vec<&Value>) {
    let of = |info: &Value| translate::cluster(info.get("cluster").unwrap_or(info));
    let infos: Vec<&Value> = items(list).collect();
    (infos.iter().map(|info| of(info)).collect(), infos)
}

fn feasible<'c>(clusters: &'c [Cluster], infos: &[&Value]) -> Vec<FeasibleCluster<'c>> {
    clusters
        .iter()
        .zip(infos)
        .map(|(cluster, info)| translate::feasible(cluster, info))
        .collect()
}

fn names(clusters: &[FeasibleCluster<'_>], positions: &[usize]) -> Vec<String> {
    let chosen = positions.iter().map(|&position| &clusters[position]);
    chosen.map(|of| of.cluster.name().to_string()).collect()
}

/// The names of clusters as the table writes them.
fn listed(list: &Value) -> Vec<String> {
    let name = |of: &Value| match of {
        Value::String(name) => name.clone(),
        of => text(of.pointer("/metadata/name").unwrap_or(&of["name"])).to_owned(),
    };
    items(list).map(name).collect()
}

/// Order, and the regions where they are asked for. Karmada also counts zones and providers, and
/// does nothing with them.
fn grouped(case: &Case<'_>) -> Result<(), Miss> {
    let (args, want) = (case.get("args"), case.get("want"));
    let (clusters, infos) = split(&args["clustersScore"]);
    let feasible = feasible(&clusters, &infos);
    let found = names(&feasible, &ranked(&feasible));
    same("order", &found, &listed(&want["clusters"]))?;
    match want["regionCnt"].as_u64() {
        None => Ok(()),
        Some(count) => {
            let constraints = translate::spread(&args["placement"]);
            let found = regions(&feasible, &constraints, Strategy::Duplicated, 0);
            same("regions", &(found.len() as u64), &count)
        }
    }
}

/// The score that a region of these clusters has.
fn score(clusters: &Value, spec: &Value, fewest: usize) -> i64 {
    let (clusters, infos) = split(clusters);
    let clusters: Vec<Cluster> = clusters
        .into_iter()
        .map(|cluster| cluster.located(fed_core::Topology::new("", "here")))
        .collect();
    let mut constraints = translate::spread(&spec["placement"]);
    constraints.push(SpreadConstraint::new(SpreadBy::Region, fewest, fewest));
    let strategy = translate::strategy(&spec["placement"]);
    let replicas = spec["replicas"].as_i64().unwrap_or(0);
    let found = regions(
        &feasible(&clusters, &infos),
        &constraints,
        strategy,
        replicas,
    );
    found.first().map_or(0, |region| region.score)
}

fn compared(case: &Case<'_>) -> Result<(), Miss> {
    let fewest = case.get("minGroups").as_u64().unwrap_or(0);
    let fewest = usize::try_from(fewest).unwrap();
    let score = |clusters| score(case.get(clusters), case.get("rbSpec"), fewest);
    let found = score("clusters1") >= score("clusters2");
    same("the first wins", &json!(found), case.get("group1Wins"))
}

fn groups(case: &Case<'_>) -> Result<(), Miss> {
    let number = |field| usize::try_from(case.get(field).as_i64().unwrap_or(0)).unwrap();
    let regions: Vec<Region> = items(case.get("groups"))
        .map(|group| {
            let clusters = 0..usize::try_from(group["value"].as_u64().unwrap_or(0)).unwrap();
            let score = group["weight"].as_i64().unwrap_or(0);
            Region::new(text(&group["name"]), score, clusters.collect())
        })
        .collect();
    let (minimum, maximum) = (number("minConstraints"), number("maxConstraints"));
    let found = choose_regions(&regions, minimum, maximum, number("target"));
    let found: Option<Vec<&str>> = found.ok().map(|found| {
        found
            .iter()
            .map(|&index| regions[index].name.as_str())
            .collect()
    });
    let expected = case.get("expected").as_array();
    let expected: Option<Vec<&str>> = expected.map(|names| names.iter().map(text).collect());
    same("regions", &found, &expected)
}

fn by_region(case: &Case<'_>) -> Result<(), Miss> {
    let args = case.get("args");
    let constraints = args["spreadConstraintMap"].as_object().unwrap();
    let constraints: Vec<_> = constraints
        .values()
        .map(translate::spread_constraint)
        .collect();
    let given = args["groupClustersInfo"]["regions"].as_object();
    let (mut clusters, mut infos, mut regions) = (Vec::new(), Vec::new(), Vec::new());
    for (name, region) in given.into_iter().flatten() {
        let (some, of_them) = split(&region["clusters"]);
        let members = clusters.len()..clusters.len() + some.len();
        let score = region["score"].as_i64().unwrap_or(0);
        regions.push(Region::new(name, score, members.collect()));
        clusters.extend(some);
        infos.extend(of_them);
    }
    let feasible = feasible(&clusters, &infos);
    let found = select_in_regions(&feasible, &regions, &constraints);
    let found = found.map(|found| names(&feasible, &found));
    is_expected(case, "wantErr", found.map_err(|problem| problem.message))
}

fn is_expected(
    case: &Case<'_>,
    error: &str,
    found: Result<Vec<String>, String>,
) -> Result<(), Miss> {
    if case.get(error) == true {
        return match found {
            Err(_) => Ok(()),
            Ok(found) => Err(format!("found {found:?}, expected a refusal").into()),
        };
    }
    same("clusters", &found?, &listed(case.get("want")))
}

fn selected(case: &Case<'_>) -> Result<(), Miss> {
    let args = case.get("args");
    let info = &args["groupClustersInfo"];
    let (clusters, infos) = split(&info["clusters"]);
    let feasible = feasible(&clusters, &infos);
    let constraints = translate::spread(&args["placement"]);
    let strategy = translate::strategy(&args["placement"]);
    let replicas = args["needReplicas"].as_i64().unwrap_or(0);
    let found = select(&feasible, &constraints, strategy, replicas);
    let found = found.map(|found| names(&feasible, &found));
    is_expected(case, "wantErr", found.map_err(|problem| problem.message))
}

/// From scores to clusters: what has nothing to run needs no room.
fn from_scores(case: &Case<'_>) -> Result<(), Miss> {
    let (placement, spec) = (case.get("placement"), case.get("spec"));
    let observed = text(&case.get("status")["schedulerObservingAffinityName"]);
    let term = translate::term(placement, observed);
    let (clusters, infos) = split(case.get("clustersScore"));
    let mut feasible = feasible(&clusters, &infos);
    for (feasible, cluster) in feasible.iter_mut().zip(&clusters) {
        feasible.tier = term.tier(cluster).unwrap_or(0);
    }
    let replicas = spec["replicas"].as_i64().unwrap_or(0);
    let constraints = translate::spread(placement);
    let strategy = translate::strategy(placement);
    let found = select(&feasible, &constraints, strategy, replicas);
    if case.get("expectedError") == true {
        return match found {
            Err(_) => Ok(()),
            Ok(found) => Err(format!("found {found:?}, expected a refusal").into()),
        };
    }
    let mut found = names(&feasible, &found.map_err(|problem| problem.message)?);
    let mut expected = listed(case.get("expectedResult"));
    found.sort();
    expected.sort();
    same("clusters", &found, &expected)
}
