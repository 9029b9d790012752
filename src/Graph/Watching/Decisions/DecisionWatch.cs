using System.Collections.Immutable;
using System.Threading.Channels;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Watching.Decisions;

/// <summary>One caller's questions with their last answers, and the new ones that wait for the caller.</summary>
internal sealed class DecisionWatch(ImmutableArray<CheckQuestion> questions, int waiting)
{
    // a limit, or a cycle, may have been met by edges that end; which those are is not known
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Channel<DecisionChange> _news = Channel.CreateBounded<DecisionChange>(new BoundedChannelOptions(questions.Length + waiting) { SingleWriter = true, SingleReader = true });
    private readonly Watched[] _watched = new Watched[questions.Length];
    private bool _isAnswered;

    private record struct Watched(Answer Answer, string? Error, Instant Until, Reads? Reads);

    public ChannelReader<DecisionChange> News => _news.Reader;

    /// <summary>The first instant at which an answer may change by itself.</summary>
    public Instant Next { get; private set; } = Instant.Never;

    /// <summary>Asks again what may have changed.</summary>
    /// <param name="written">What was written since it last asked.</param>
    /// <param name="reads">Knows what questions rest on, under the snapshot's schema.</param>
    /// <param name="isOther">Whether the schema is another than when it last asked.</param>
    /// <returns>False: the reader is too far behind, and was told so.</returns>
    public bool Ask(in Snapshot snapshot, Written written, QuestionReads reads, bool isOther)
    {
        Next = Instant.Never;
        for (int i = 0; i < questions.Length; i++)
        {
            ref Watched watched = ref _watched[i];
            if (!_isAnswered || isOther) watched.Reads = reads.Of(questions[i]);
            bool mayDiffer = !_isAnswered || isOther || watched.Until <= snapshot.Instant || written.Touches(watched.Reads, questions[i].Resource);
            if (mayDiffer && !Ask(snapshot, i, ref watched)) return false;
            Next = Instant.Min(Next, watched.Until);
        }
        _isAnswered = true;
        return true;
    }

    public void End(Exception? why) => _news.Writer.TryComplete(why);

    private bool Ask(in Snapshot snapshot, int question, ref Watched watched)
    {
        (Answer answer, RejectionException? error) = Answered(snapshot, questions[question]);
        bool isNews = !_isAnswered || error?.Reason != watched.Error || error is null && !IsSame(answer, watched.Answer);
        (watched.Answer, watched.Error, watched.Until) = (answer, error?.Reason, error is null ? answer.ValidUntil : snapshot.Instant.Plus((long)RetryAfter.TotalMicroseconds));
        if (!isNews || _news.Writer.TryWrite(new DecisionChange(question, answer, error, snapshot))) return true;
        End(Rejections.DecisionWatchTooSlow(waiting));
        return false;
    }

    private static (Answer, RejectionException?) Answered(in Snapshot snapshot, in CheckQuestion question)
    {
        try
        {
            return (snapshot.Check(question), null);
        }
        catch (RejectionException error)
        {
            return (default, error);
        }
    }

    private static bool IsSame(in Answer one, in Answer other) =>
        one with { Missing = [] } == other with { Missing = [] } && one.Missing.AsSpan().SequenceEqual(other.Missing.AsSpan());
}
