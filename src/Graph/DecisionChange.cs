using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>What the answer to a watched question is from now on.</summary>
/// <param name="Question">Which one, counted from 0.</param>
/// <param name="Error">Why it can't be answered, neither allow nor deny; null: <paramref name="Answer"/> stands.</param>
/// <param name="Snapshot">What it was read from: the newest revision there was.</param>
public sealed record DecisionChange(int Question, Answer Answer, RejectionException? Error, Snapshot Snapshot);
