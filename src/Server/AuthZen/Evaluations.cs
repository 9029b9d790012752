using System.Text.Json;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Server.Security;

namespace AuthzGraph.Server.AuthZen;

/// <summary>
/// The access evaluation and evaluations APIs (AuthZEN 1.0 §6, §7). A question that can't be decided is not permitted. By default an answer has
/// no more than its decision; with <c>"options": {"reason": true}</c> a denial says why.
/// </summary>
internal sealed class Evaluations(Limits limits)
{
    private enum Semantic { ExecuteAll, DenyOnFirstDeny, PermitOnFirstPermit }

    /// <summary>What was decided of one question.</summary>
    /// <param name="Rejected">Why it could not be decided; null when it was.</param>
    private readonly record struct Decided(Answer Answer, RejectionException? Rejected)
    {
        public bool IsPermitted => Rejected is null && Answer.IsPermitted;

        /// <summary>A denial of which the caller is told nothing.</summary>
        public bool IsUntold => Rejected is null && Answer is { Outcome: Outcome.Denied, Code: DenialCode.None };
    }

    /// <exception cref="AuthZenException">The request is not as AuthZEN has it.</exception>
    public static void One(JsonElement json, Utf8JsonWriter output, Access access)
    {
        Write(Decide(access, access.SnapshotForDecision(Consistency.Default), AuthZenRequest.Read(json)), WantsReason(json), output);
    }

    /// <inheritdoc cref="One"/>
    public void Many(JsonElement json, Utf8JsonWriter output, Access access, CancellationToken cancellation)
    {
        AuthZenRequest defaults = AuthZenRequest.Read(json);
        Semantic semantic = SemanticOf(json);
        if (!json.TryGetProperty("evaluations", out JsonElement items) || items.ValueKind == JsonValueKind.Array && items.GetArrayLength() == 0)
        {
            One(json, output, access);
            return;
        }
        if (items.ValueKind != JsonValueKind.Array) throw new AuthZenException("`evaluations` is a JSON array");
        if (items.GetArrayLength() > limits.ChecksPerBatch) throw new AuthZenException($"`evaluations` has more than {limits.ChecksPerBatch} items");
        Snapshot snapshot = access.SnapshotForDecision(Consistency.Default);
        bool wantsReason = WantsReason(json);
        output.WriteStartObject();
        output.WriteStartArray("evaluations");
        foreach (JsonElement item in items.EnumerateArray())
        {
            cancellation.ThrowIfCancellationRequested();
            bool permitted = Item(access, snapshot, defaults, item, wantsReason, output);
            if (semantic == Semantic.DenyOnFirstDeny && !permitted || semantic == Semantic.PermitOnFirstPermit && permitted) break;
        }
        output.WriteEndArray();
        output.WriteEndObject();
    }

    private static bool Item(Access access, Snapshot snapshot, AuthZenRequest defaults, JsonElement item, bool wantsReason, Utf8JsonWriter output)
    {
        try
        {
            Decided decided = Decide(access, snapshot, defaults.Overridden(AuthZenRequest.Read(item)));
            Write(decided, wantsReason, output);
            return decided.IsPermitted;
        }
        catch (AuthZenException problem)
        {
            output.WriteStartObject();
            output.WriteBoolean("decision", false);
            output.WriteStartObject("context");
            output.WriteStartObject("error");
            output.WriteNumber("status", StatusCodes.Status400BadRequest);
            output.WriteString("message", problem.Message);
            output.WriteEndObject();
            output.WriteEndObject();
            output.WriteEndObject();
            return false;
        }
    }

    private static Decided Decide(Access access, in Snapshot snapshot, AuthZenRequest request)
    {
        CheckQuestion question = request.ToQuestion(snapshot);
        access.RequireSubject(question.Subject);
        try
        {
            return new Decided(request.Ask(question, snapshot).As(access), null);
        }
        catch (RejectionException rejection) when (IsUndecidable(rejection))
        {
            return new Decided(default, rejection);
        }
    }

    /// <summary>Whether it is the question, not the server, that no answer can be given: what it names is not in the schema, say.</summary>
    public static bool IsUndecidable(RejectionException rejection) =>
        rejection.Code is RejectionCode.InvalidArgument or RejectionCode.FailedPrecondition or RejectionCode.NotFound;

    private static void Write(in Decided decided, bool wantsReason, Utf8JsonWriter output)
    {
        output.WriteStartObject();
        output.WriteBoolean("decision", decided.IsPermitted);
        if (wantsReason && !decided.IsPermitted && !decided.IsUntold) WriteReason(decided, output);
        output.WriteEndObject();
    }

    private static void WriteReason(in Decided decided, Utf8JsonWriter output)
    {
        output.WriteStartObject("context");
        output.WriteStartObject("reason");
        if (decided.Rejected is { } rejected)
        {
            output.WriteString("code", rejected.Reason);
            output.WriteString("message", rejected.Message);
        }
        else if (decided.Answer.Outcome == Outcome.Conditional)
        {
            output.WriteString("code", "CONDITIONAL");
            output.WriteStartArray("missing");
            foreach (string name in decided.Answer.Missing) output.WriteStringValue(name);
            output.WriteEndArray();
        }
        else
        {
            output.WriteString("code", decided.Answer.Code.ToText());
            if (decided.Answer.Hop > 0) output.WriteNumber("hop", decided.Answer.Hop);
            if (decided.Answer.Object != default) output.WriteString("object", decided.Answer.Object.ToString());
        }
        output.WriteEndObject();
        output.WriteEndObject();
    }

    private static bool WantsReason(JsonElement json) => Option(json, "reason") is { ValueKind: JsonValueKind.True };

    private static Semantic SemanticOf(JsonElement json) => Option(json, "evaluations_semantic") is not { } option ? Semantic.ExecuteAll :
        (option.ValueKind == JsonValueKind.String ? option.GetString() : null) switch
        {
            "execute_all" => Semantic.ExecuteAll,
            "deny_on_first_deny" => Semantic.DenyOnFirstDeny,
            "permit_on_first_permit" => Semantic.PermitOnFirstPermit,
            _ => throw new AuthZenException("`options.evaluations_semantic` is execute_all, deny_on_first_deny or permit_on_first_permit"),
        };

    private static JsonElement? Option(JsonElement json, string name)
    {
        if (!json.TryGetProperty("options", out JsonElement options)) return null;
        if (options.ValueKind != JsonValueKind.Object) throw new AuthZenException("`options` is a JSON object");
        return options.TryGetProperty(name, out JsonElement option) ? option : null;
    }
}
